package io.peerhub.delivery;

/**
 * Whether a receiver still acknowledges: the time begins anew with whatever it acknowledges, and
 * while nothing waits for it. Looked at now and then, so that it costs the messages nothing.
 */
public final class AckWatch {
  private final long timeout;
  private long ackedSeq;
  private long since;

  /**
   * @param timeout in nanoseconds
   */
  public AckWatch(long timeout, long now) {
    this.timeout = timeout;
    this.since = now;
  }

  /**
   * @param acked up to which number it has acknowledged
   * @param unackedCount how many are written behind that
   * @return whether something has waited for longer than the timeout with no progress, as far as
   *     was looked
   */
  public boolean isOverdue(long acked, int unackedCount, long now) {
    if (unackedCount == 0 || acked != ackedSeq) {
      ackedSeq = acked;
      since = now;
    }
    return now - since >= timeout;
  }
}
