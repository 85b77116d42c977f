package io.peerhub.protocol.wire;

import java.util.Arrays;

/**
 * Bytes that grow: what the codecs write to. Belongs to one thread. It is kept and {@link #clear()
 * cleared} rather than thrown away; one that grew past {@link #KEEP_MAX} by a large frame lets go
 * of its array when it is cleared, so that one large frame does not cost its size for ever.
 */
public final class ByteSink {
  /** The largest array that survives {@link #clear()}, in bytes. */
  static final int KEEP_MAX = 1 << 16;

  private static final int INITIAL = 512;
  private byte[] bytes = new byte[INITIAL];
  private int length;

  /** The bytes from 0 to {@link #length()}: good until the next write or clear. */
  public byte[] array() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Forgets what was written. */
  public void clear() {
    length = 0;
    if (bytes.length > KEEP_MAX) {
      bytes = new byte[INITIAL];
    }
  }

  /** Cuts what was written back to an earlier length. */
  public void truncate(int to) {
    if (to < 0 || to > length) {
      throw new IllegalArgumentException("cannot cut " + length + " to " + to);
    }
    length = to;
  }

  public void put(byte b) {
    ensure(1);
    bytes[length++] = b;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  public void put(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** Makes room for {@code count} more bytes and returns the array to write them to. */
  public byte[] ensure(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, count)));
    }
    return bytes;
  }

  /** Counts bytes that were written straight into the array of {@link #ensure(int)}. */
  public void advance(int count) {
    length += count;
  }

  /**
   * Moves what was written from {@code from} on by {@code by} bytes, to make or to close room
   * before it. What then lies in the room is not defined.
   */
  void shift(int from, int by) {
    if (by != 0) {
      ensure(Math.max(by, 0));
      System.arraycopy(bytes, from, bytes, from + by, length - from);
      length += by;
    }
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }
}
