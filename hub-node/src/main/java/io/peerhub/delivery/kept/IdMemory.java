package io.peerhub.delivery.kept;

import io.peerhub.delivery.Fate;
import io.peerhub.protocol.Identity;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The names by which letters are known again: of all that are pending, and of those that have ended
 * for a while, the oldest forgotten first.
 */
final class IdMemory {
  /** A letter's name. A receipt is never taken for a message of the same sender. */
  record Name(Identity from, String id, boolean receipt) {}

  /** What is known: {@code fate} is null while it is pending. */
  record Known(long content, long place, Fate fate, long endedAt) {}

  private record Ended(Name name, long place) {}

  private final long keptForMs;
  private final int max;
  private final Map<Name, Known> known = new HashMap<>();
  private final ArrayDeque<Ended> ended = new ArrayDeque<>();

  IdMemory(long keptForMs, int max) {
    this.keptForMs = keptForMs;
    this.max = max;
  }

  /** What is known by that name now; null if nothing. */
  Known find(Name name, long now) {
    Known found = known.get(name);
    return found == null || isOver(found, now) ? null : found;
  }

  void pending(Name name, long content, long place) {
    known.put(name, new Known(content, place, null, 0));
  }

  void ended(Name name, long content, long place, Fate fate, long at) {
    known.put(name, new Known(content, place, fate, at));
    ended.addLast(new Ended(name, place));
    forgetOld(at);
  }

  void forget(Name name) {
    known.remove(name);
  }

  private void forgetOld(long now) {
    while (!ended.isEmpty()) {
      Ended oldest = ended.peekFirst();
      Known what = known.get(oldest.name());
      // Taken anew under the same name since: that one has its own entry.
      boolean isThat = what != null && what.fate() != null && what.place() == oldest.place();
      if (isThat && ended.size() <= max && !isOver(what, now)) {
        return;
      }
      ended.pollFirst();
      if (isThat) {
        known.remove(oldest.name());
      }
    }
  }

  private boolean isOver(Known what, long now) {
    return what.fate() != null && what.endedAt() + keptForMs <= now;
  }

  /** Those that have ended, oldest first. */
  void snapshot(Consumer<Fact> to) {
    for (Ended each : ended) {
      Known what = known.get(each.name());
      if (what != null && what.fate() != null && what.place() == each.place()) {
        Name name = each.name();
        to.accept(
            new Fact.Remembered(
                name.from(),
                name.id(),
                name.receipt(),
                what.content(),
                what.place(),
                what.fate(),
                what.endedAt()));
      }
    }
  }
}
