package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The way in: what was read, joined to what was left of the read before. A connection with no frame
 * half read holds nothing.
 */
final class Inflow {
  /**
   * A beginning up to here is copied before the next read, where reads are decoded anyway; a larger
   * one grows where it is, or a frame of a megabyte would be copied once for every read of it.
   */
  private static final int JOINED_MAX = 1 << 12;

  private byte[] partial;
  private int length;

  /** Lets {@code reader} take what is there, and keeps what it leaves. */
  void take(ByteBuf buffer, Loop loop, Reader reader) {
    int count = buffer.readableBytes();
    if (length > JOINED_MAX || length + count > loop.input.length) {
      ensure(length + count);
      buffer.readBytes(partial, length, count);
      keepLarge(reader.read(partial, 0, length + count), length + count);
      return;
    }
    if (length > 0) {
      System.arraycopy(partial, 0, loop.input, 0, length);
    }
    buffer.readBytes(loop.input, length, count);
    int to = length + count;
    keep(loop.input, reader.read(loop.input, 0, to), to);
  }

  /** Forgets what is left. */
  void clear() {
    partial = null;
    length = 0;
  }

  private void keep(byte[] bytes, int from, int to) {
    if (from == to) {
      clear();
    } else {
      partial = Arrays.copyOfRange(bytes, from, to);
      length = to - from;
    }
  }

  private void keepLarge(int from, int to) {
    if (to - from <= JOINED_MAX) {
      keep(partial, from, to);
    } else {
      System.arraycopy(partial, from, partial, 0, to - from);
      length = to - from;
    }
  }

  private void ensure(int capacity) {
    if (partial == null) {
      partial = new byte[capacity];
    } else if (partial.length < capacity) {
      partial = Arrays.copyOf(partial, Math.max(capacity, 2 * partial.length));
    }
  }

  /** Takes frames from the front of {@code bytes[from..to)}; returns where the rest begins. */
  interface Reader {
    int read(byte[] bytes, int from, int to);
  }
}
