package io.peerhub.routing;

import io.peerhub.mail.Seat;
import io.peerhub.protocol.Identity;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Where the routes led that were forgotten for want of room a short while ago. If one is made again
 * and leads elsewhere, mail may still be on the old path, so that has to be fenced. Bounded: past
 * the limit the oldest is dropped, and order then rests on a receiver not moving while as many
 * others are sent to.
 */
final class ForgottenSeats {
  private static final long KEPT = TimeUnit.SECONDS.toNanos(10);

  private record Forgotten(Seat seat, long at) {}

  private final LinkedHashMap<Identity, Forgotten> seats = new LinkedHashMap<>();
  private final int max;

  ForgottenSeats(int max) {
    this.max = max;
  }

  void put(Identity identity, Seat seat, long now) {
    seats.putLast(identity, new Forgotten(seat, now));
    if (seats.size() > max || now - seats.firstEntry().getValue().at() > KEPT) {
      seats.pollFirstEntry();
    }
  }

  /** The seat, if mail may still be on its way there; null if not. It is not kept any longer. */
  Seat take(Identity identity, long now) {
    Forgotten forgotten = seats.remove(identity);
    return forgotten == null || now - forgotten.at() > KEPT ? null : forgotten.seat();
  }

  /** Nothing is on its way to that loop any more. */
  void removeAll(LoopKey loop) {
    seats.values().removeIf(forgotten -> LoopKey.of(forgotten.seat()).equals(loop));
  }
}
