package io.peerhub.room;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;

/**
 * One loop as a room sees it: how many members sit there, and how much is on the way in both
 * directions. A loop that does not keep up gets less, and is told how much it missed. Pure.
 */
final class Hall {
  final Seat seat;
  int members;
  private long onTheWay;
  private long missed;
  private long taken;

  Hall(Seat seat) {
    this.seat = seat;
  }

  /** Whether another message may be sent there; if not, it counts as missed. */
  boolean offer(Mail.Delivery message, long credit) {
    int weight = message.weight();
    if (onTheWay > 0 && onTheWay + weight > credit) {
      missed++;
      return false;
    }
    onTheWay += weight;
    return true;
  }

  /** One that was offered could not be sent. */
  void withdraw(Mail.Delivery message) {
    onTheWay -= message.weight();
    missed++;
  }

  /** How many were missed since this was last asked. */
  long takeMissed() {
    long count = missed;
    missed = 0;
    return count;
  }

  /** The loop has handled so many bytes. */
  void heard(long bytes) {
    onTheWay = Math.max(0, onTheWay - bytes);
  }

  /** So many bytes came from there; returns what is to be given back, 0 if that can wait. */
  long took(int weight, long atLeast) {
    taken += weight;
    if (taken < atLeast) {
      return 0;
    }
    long all = taken;
    taken = 0;
    return all;
  }
}
