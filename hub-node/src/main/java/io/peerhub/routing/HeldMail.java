package io.peerhub.routing;

import io.peerhub.mail.Mail;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Messages to one receiver that wait until its route is open: first those that came back from an
 * ended session, then the new ones, each in their order. How many bytes may wait is counted for the
 * route here, for the loop by {@link Routes}.
 */
final class HeldMail {
  private record Held(Mail.Delivery delivery, long since) {}

  private final ArrayDeque<Held> returned = new ArrayDeque<>();
  private final ArrayDeque<Held> fresh = new ArrayDeque<>();
  private long bytes;
  private long lostFirst;
  private long lost;

  /** Whether nothing waits, and nothing has to be told. */
  boolean isIdle() {
    return isEmpty() && lostFirst == 0;
  }

  boolean isEmpty() {
    return returned.isEmpty() && fresh.isEmpty();
  }

  int size() {
    return returned.size() + fresh.size();
  }

  long bytes() {
    return bytes;
  }

  /** So many were lost before all that waits. */
  void loseFirst(int count) {
    lostFirst += count;
  }

  /** How many were lost before all that waits; from now on they count as told. */
  long takeLostFirst() {
    long count = lostFirst;
    lostFirst = 0;
    return count;
  }

  /** A new message had no room behind the others: the receiver will be told at that place. */
  void lose() {
    lost++;
  }

  /** How many had no room; their place is behind the last one that waits. */
  long lost() {
    return lost;
  }

  void add(Mail.Delivery delivery, long now) {
    fresh.add(new Held(delivery, now));
    bytes += delivery.weight();
  }

  void addReturned(Mail.Delivery delivery, long now) {
    returned.add(new Held(delivery, now));
    bytes += delivery.weight();
  }

  /**
   * Takes everything out, in order, each message with the life that is left to it.
   *
   * @param alive takes those that may still be delivered
   * @param expired takes those whose life ended while they waited
   */
  void drain(long now, Consumer<Mail.Delivery> alive, Consumer<Mail.Delivery> expired) {
    drain(returned, now, alive, expired);
    drain(fresh, now, alive, expired);
    bytes = 0;
    lost = 0;
  }

  private static void drain(
      ArrayDeque<Held> queue,
      long now,
      Consumer<Mail.Delivery> alive,
      Consumer<Mail.Delivery> expired) {
    for (Held held = queue.poll(); held != null; held = queue.poll()) {
      Mail.Delivery delivery = held.delivery();
      long waited = TimeUnit.NANOSECONDS.toMillis(now - held.since());
      if (waited >= delivery.ttlMs()) {
        expired.accept(delivery);
      } else {
        alive.accept(waited > 0 ? delivery.withTtl((int) (delivery.ttlMs() - waited)) : delivery);
      }
    }
  }
}
