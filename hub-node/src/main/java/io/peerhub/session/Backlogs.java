package io.peerhub.session;

import io.peerhub.delivery.Budget;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The conversations of one loop in which messages wait, under the node's budget for waiting bytes.
 * When the budget is used up, the longest backlog of the loop gives up its oldest message: who
 * hoards pays, not who comes last. Belongs to the loop's thread; the budget is the node's.
 */
public final class Backlogs {
  private final Budget budget;
  private final Set<Conversation> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

  public Backlogs(Budget budget) {
    this.budget = budget;
  }

  /** Takes the bytes, at the cost of the longest backlogs if need be; false if that is in vain. */
  boolean take(int weight) {
    while (!budget.take(weight)) {
      Conversation longest = longest();
      if (longest == null) {
        return false;
      }
      longest.giveUpOldest();
    }
    return true;
  }

  void release(long weight) {
    budget.release(weight);
  }

  void enter(Conversation conversation) {
    waiting.add(conversation);
  }

  void leave(Conversation conversation) {
    waiting.remove(conversation);
  }

  private Conversation longest() {
    Conversation longest = null;
    for (Conversation conversation : waiting) {
      if (longest == null || conversation.waitingBytes() > longest.waitingBytes()) {
        longest = conversation;
      }
    }
    return longest;
  }
}
