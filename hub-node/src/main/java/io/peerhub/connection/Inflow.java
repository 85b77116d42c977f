package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Arrays;

/**
 * The way into one connection: what was read, joined to what was left of the read before, and the
 * reasons not to read at the moment. A connection with no frame half read holds no bytes.
 */
final class Inflow {
  // Reasons not to read, as bits.
  static final int BY_SESSION = 1;
  static final int BY_SLOW_PEER = 2;

  /** Nothing that follows can be understood. */
  static final int BY_BROKEN_STREAM = 4;

  private static final int BY_HANDSHAKE = 8;

  /**
   * A beginning up to here is copied before the next read, where reads are decoded anyway; a larger
   * one grows where it is, or a frame of a megabyte would be copied once for every read of it.
   */
  private static final int JOINED_MAX = 1 << 12;

  /** What a frame has around it: its limit has to be passed before it can be refused. */
  private static final int ENVELOPE = 64;

  private final Loop loop;
  private final Channel channel;
  private final ReadBuffers.Handle reads;
  private byte[] partial;
  private int length;
  private int stops;

  /** Input since the hub last answered, as long as the peer is not authenticated. */
  private int unread;

  Inflow(Loop loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
    this.reads = loop.reads.newHandle();
    reads.limit(handshakeMax());
  }

  ReadBuffers.Handle reads() {
    return reads;
  }

  /** Lets {@code reader} take what is there, and keeps what it leaves. */
  void take(ByteBuf buffer, Reader reader) {
    int count = buffer.readableBytes();
    int to = length + count;
    if (length > JOINED_MAX || to > loop.input.length) {
      ensure(to);
      buffer.readBytes(partial, length, count);
      keepLarge(reader.read(partial, 0, to), to);
      return;
    }
    if (length > 0) {
      System.arraycopy(partial, 0, loop.input, 0, length);
    }
    buffer.readBytes(loop.input, length, count);
    keep(loop.input, reader.read(loop.input, 0, to), to);
  }

  /** Forgets what is left, and everything that counts it. */
  void end() {
    forget();
    forgetUnread();
  }

  private void forget() {
    partial = null;
    length = 0;
  }

  private void keep(byte[] bytes, int from, int to) {
    if (from == to) {
      forget();
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

  // ---- before authentication

  private int handshakeMax() {
    return loop.premises.settings().handshake().maxBytes() + ENVELOPE;
  }

  /**
   * Counts input of a peer that is not authenticated, and stops at the limit of one connection.
   *
   * @return whether the node has room for it
   */
  boolean countUnread(int count) {
    unread += count;
    loop.premises.unread().add(count);
    reads.limit(Math.max(1, handshakeMax() - unread));
    if (unread >= handshakeMax()) {
      stop(BY_HANDSHAKE);
    }
    return !loop.premises.unread().exhausted();
  }

  /** What was read has been answered, or does not count any more. */
  void forgetUnread() {
    loop.premises.unread().add(-unread);
    unread = 0;
    reads.limit(handshakeMax());
    start(BY_HANDSHAKE);
  }

  /** The peer is authenticated. */
  void admit() {
    forgetUnread();
    reads.limit(ReadBuffers.SIZE);
  }

  // ---- stopping and starting

  void stop(int reason) {
    if (stops == 0) {
      channel.config().setAutoRead(false);
    }
    stops |= reason;
  }

  void start(int reason) {
    if (stops != 0) {
      stops &= ~reason;
      if (stops == 0) {
        channel.config().setAutoRead(true);
      }
    }
  }

  /** Reads whatever the reasons, since what comes is thrown away. */
  void startDiscarding() {
    start(~0);
  }

  boolean isBroken() {
    return (stops & BY_BROKEN_STREAM) != 0;
  }

  /** Takes frames from the front of {@code bytes[from..to)}; returns where the rest begins. */
  interface Reader {
    int read(byte[] bytes, int from, int to);
  }
}
