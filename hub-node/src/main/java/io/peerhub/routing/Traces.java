package io.peerhub.routing;

import io.peerhub.protocol.Identity;

/**
 * Whose messages a link was given since it was last swept: a set that may name too many senders,
 * never too few (one bit by the hash of each), since it is written for each message that crosses.
 * It spares who sent nothing there the wait for a link that is slow.
 */
final class Traces {
  private static final int BITS = 1024;

  private long[] fresh = new long[BITS / Long.SIZE];
  private long[] swept = new long[BITS / Long.SIZE];

  void add(Identity sender) {
    set(fresh, sender);
  }

  /** Whether a message of that sender may have come since the last barrier was sent. */
  boolean isFresh(Identity sender) {
    return has(fresh, sender);
  }

  /** Whether a message of that sender may be in front of the barrier that is on its way. */
  boolean isSwept(Identity sender) {
    return has(swept, sender);
  }

  /** A barrier is sent behind everything so far; the one before it has passed or is lost. */
  void sweep() {
    for (int i = 0; i < swept.length; i++) {
      swept[i] |= fresh[i];
      fresh[i] = 0;
    }
  }

  /** The barrier has passed. */
  void pass() {
    swept = new long[swept.length];
  }

  private static void set(long[] bits, Identity sender) {
    int bit = bit(sender);
    bits[bit >>> 6] |= 1L << bit;
  }

  private static boolean has(long[] bits, Identity sender) {
    int bit = bit(sender);
    return (bits[bit >>> 6] & 1L << bit) != 0;
  }

  private static int bit(Identity sender) {
    return sender.hashCode() * 0x9E3779B9 >>> 22;
  }
}
