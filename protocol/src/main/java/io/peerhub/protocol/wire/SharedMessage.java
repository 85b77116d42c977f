package io.peerhub.protocol.wire;

import io.peerhub.protocol.Frame;

/**
 * One message that many receivers get: it is encoded once for each encoding, and each copy differs
 * in its number alone. What is encoded is kept, so that a copy costs a few bytes and a copy of an
 * array. Belongs to one thread.
 */
public final class SharedMessage {
  private final Frame.Message message;
  private byte[] binaryTail;
  private byte[] jsonTail;

  /**
   * @param message what everybody gets; its {@code seq} has to be 0
   */
  public SharedMessage(Frame.Message message) {
    if (message.seq() != 0) {
      throw new IllegalArgumentException("each copy has a number of its own");
    }
    this.message = message;
  }

  /** The message under the number of one receiver. */
  public Frame.Message as(long seq) {
    return new Frame.Message(
        seq,
        message.from(),
        message.body(),
        message.id(),
        message.to(),
        message.delivery(),
        message.re(),
        message.sentAt(),
        message.roomSeq(),
        message.redelivered(),
        message.attempt(),
        message.headers());
  }

  /** All fields behind the number, as Protobuf. */
  byte[] binaryTail(BinaryWriter writer) {
    if (binaryTail == null) {
      binaryTail = writer.fields(message);
    }
    return binaryTail;
  }

  /** All fields behind the number, as JSON, each with a comma before it. */
  byte[] jsonTail(JsonWriter writer) {
    if (jsonTail == null) {
      jsonTail = writer.fields(message);
    }
    return jsonTail;
  }
}
