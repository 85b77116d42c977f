package io.peerhub.session;

import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.MailRounds;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Identity;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session has to do with the mailbox of its peer: takes letters from it, which wait here for
 * their turn, and tells it what became of them. Belongs to its session and its loop's thread.
 *
 * <p>What waits is bounded by the window that the mailbox was told. A session without mail has
 * nothing to do with any mailbox: it asks once, when it begins, and is told when some comes.
 */
final class Letters {
  private final Surroundings with;
  private final Identity owner;
  private final String sessionId;
  private final long epoch;
  private final int window;
  private final ActorRef<SessionInput> self;
  private final ArrayDeque<Mailbox.Item> waiting = new ArrayDeque<>(0);
  private long[] processed = new long[4];
  private int processedCount;
  private boolean attached;

  Letters(
      Surroundings with,
      Identity owner,
      String sessionId,
      long epoch,
      int window,
      ActorRef<SessionInput> self) {
    this.with = with;
    this.owner = owner;
    this.sessionId = sessionId;
    this.epoch = epoch;
    this.window = window;
    this.self = self;
  }

  /**
   * The session begins, or hears that mail waits.
   *
   * @param held the places of what it has written already
   */
  void attach(long[] held) {
    attached = true;
    long[] has = Arrays.copyOf(held, held.length + waiting.size());
    int at = held.length;
    for (Mailbox.Item item : waiting) {
      has[at++] = item.place();
    }
    with.mail().boxes().tell(new Mailbox.Attach(owner, self, sessionId, epoch, window, has));
  }

  /** The session begins and holds nothing: it is told if mail waits. */
  void ask() {
    with.mail().rounds().tell(new MailRounds.Arrived(owner, self));
  }

  /** Letters have come, behind those that wait. */
  void take(Mailbox.Letters letters) {
    if (letters.epoch() == epoch) {
      waiting.addAll(letters.items());
    }
  }

  /** These are not to be delivered any more; what is written is out of reach. */
  void withdraw(Mailbox.Withdrawn withdrawn) {
    if (withdrawn.epoch() == epoch && !waiting.isEmpty()) {
      Set<Long> places = new HashSet<>();
      for (long place : withdrawn.places()) {
        places.add(place);
      }
      waiting.removeIf(item -> places.contains(item.place()));
    }
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  Mailbox.Item poll() {
    return waiting.poll();
  }

  /** The receiver has processed it; told with the next {@link #tellProcessed}. */
  void processed(Mailbox.Item item) {
    if (processedCount == processed.length) {
      processed = Arrays.copyOf(processed, processedCount * 2);
    }
    processed[processedCount++] = item.place();
  }

  /** Tells the mailbox what was processed, up to that number of the session. */
  void tellProcessed(long seq) {
    if (processedCount > 0) {
      long[] places = Arrays.copyOf(processed, processedCount);
      processedCount = 0;
      with.mail().boxes().tell(new Mailbox.Acked(owner, epoch, places, seq));
    }
  }

  /** The receiver could not process it. */
  void rejected(Mailbox.Item item, String reason, boolean requeue) {
    with.mail().boxes().tell(new Mailbox.Rejected(owner, epoch, item.place(), reason, requeue));
  }

  /**
   * The connection is cut: what was not written goes back.
   *
   * @param first the place of the first letter that is written and not acknowledged; 0: none
   */
  void away(long first) {
    long[] back = waiting.stream().mapToLong(Mailbox.Item::place).toArray();
    waiting.clear();
    if (attached) {
      with.mail().boxes().tell(new Mailbox.Away(owner, epoch, first, back));
    }
  }

  /** The session is over. */
  void detach() {
    waiting.clear();
    if (attached) {
      attached = false;
      with.mail().boxes().tell(new Mailbox.Detach(owner, epoch));
    }
  }
}
