package io.peerhub.client;

import java.util.Optional;

/**
 * How a client stands with its hub.
 *
 * <pre>
 *   Connecting ---> Live ---> Away ---> Live
 *        |           |          |
 *        +-----------+----------+---> Closed
 * </pre>
 */
public sealed interface ClientState {
  /** Not connected yet, for the first time. */
  record Connecting(Optional<Exception> lastFailure) implements ClientState {}

  /**
   * Connected. Each {@code welcome} is one such state, also where it follows another after a {@code
   * goaway}.
   *
   * @param node the node of the hub, in its own words
   * @param session the session's id, the same after a resume
   * @param epoch rises with every connection
   * @param resumed whether the session went on whole; else what was lost is told as a gap
   */
  record Live(String node, String session, long epoch, boolean resumed) implements ClientState {}

  /** The connection was lost, or could not be made again: the client goes on trying. */
  record Away(Exception cause) implements ClientState {}

  /** The end. The cause is empty where {@code close} was called. */
  record Closed(Optional<Exception> cause) implements ClientState {}
}
