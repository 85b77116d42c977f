package io.peerhub.mail;

import io.peerhub.protocol.wire.SharedMessage;

/** How a message came that was not addressed to its receiver. */
public sealed interface Via {
  /**
   * As one of many copies of what was sent to a room.
   *
   * @param roomSeq its place in the order of the room
   * @param shared the encodings that all receivers of a loop share; null where each encodes alone
   */
  record Room(long roomSeq, SharedMessage shared) implements Via {}
}
