package io.peerhub.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a message carries from one peer to another: nothing, a text, bytes, or a JSON value.
 *
 * <p>Held as the bytes of the wire, because the hub passes a body on and never looks inside: text
 * and JSON are UTF-8 that was validated where it entered. The array is not copied in or out; who
 * made it no longer writes to it.
 */
public final class Body {
  /** Which of the fields of {@code send} and {@code message} holds the bytes. */
  public enum Kind {
    EMPTY,
    TEXT,
    DATA,
    JSON
  }

  /** No body: an empty message. */
  public static final Body EMPTY = new Body(Kind.EMPTY, new byte[0]);

  private final Kind kind;
  private final byte[] bytes;

  private Body(Kind kind, byte[] bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** A body of bytes that have been validated for their kind. */
  public static Body of(Kind kind, byte[] bytes) {
    return kind == Kind.EMPTY ? EMPTY : new Body(kind, bytes);
  }

  /** A text. A lone surrogate becomes a question mark, as UTF-8 has no form for it. */
  public static Body text(String text) {
    return new Body(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes as they are. */
  public static Body data(byte[] bytes) {
    return new Body(Kind.DATA, bytes);
  }

  /** The text of one JSON value. It is validated by whoever reads it from the wire, not here. */
  public static Body json(String value) {
    return new Body(Kind.JSON, value.getBytes(StandardCharsets.UTF_8));
  }

  public Kind kind() {
    return kind;
  }

  /** The bytes as they travel: UTF-8 for text and JSON. Not a copy: read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** Length in bytes. */
  public int size() {
    return bytes.length;
  }

  /** The text or the JSON value as a string; for data its bytes read as UTF-8. */
  public String asText() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body that && kind == that.kind && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(bytes);
  }

  /** Kind and size only: what peers send each other does not belong into logs. */
  @Override
  public String toString() {
    return kind + "[" + bytes.length + "]";
  }
}
