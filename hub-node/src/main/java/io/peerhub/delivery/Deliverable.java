package io.peerhub.delivery;

import io.peerhub.protocol.Frame;

/** What is written to a receiver under a number of its session, and acknowledged by it. */
public interface Deliverable {
  /** What it counts for in windows, in bytes; always the same for the same one. */
  int weight();

  /**
   * As its receiver gets it.
   *
   * @param seq its number in the session
   * @param redelivered whether the receiver may have seen it before
   * @param attempt which one this is, from 1; 0: the first, which is not told
   */
  Frame.FromHub frame(long seq, boolean redelivered, int attempt);
}
