package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * One buffer for every read of a loop. A connection copies what it reads before it returns, so that
 * the next one can have the same buffer, still warm in the cache, and an idle connection holds
 * none. Who keeps it (a TLS record in parts does) is left with it, and a new one is made.
 *
 * <p>A turn takes one buffer from a connection, however much there is: with epoll level-triggered
 * the rest comes up in the next turn, after the others.
 */
final class ReadBuffers {
  /** The largest read, in bytes. */
  static final int SIZE = 1 << 16;

  /**
   * For stages that keep what they have not understood yet: they get a copy of that size, or each
   * could hold on to a whole read buffer.
   */
  static final ByteToMessageDecoder.Cumulator COPYING = ReadBuffers::copyTogether;

  private final ByteBufAllocator allocator;
  private ByteBuf shared;

  ReadBuffers(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.shared = allocator.directBuffer(SIZE, SIZE);
  }

  Handle newHandle() {
    return new Handle(this);
  }

  private ByteBuf borrow(int limit) {
    if (shared.refCnt() != 1) {
      shared.release();
      shared = allocator.directBuffer(SIZE, SIZE);
    }
    shared.clear();
    // The native read goes by the capacity, so a smaller read needs a smaller buffer.
    return limit < SIZE ? shared.retainedSlice(0, limit).clear() : shared.retain();
  }

  private static ByteBuf copyTogether(ByteBufAllocator allocator, ByteBuf kept, ByteBuf in) {
    try {
      int length = kept.readableBytes() + in.readableBytes();
      return allocator.buffer(length).writeBytes(kept).writeBytes(in);
    } finally {
      kept.release();
      in.release();
    }
  }

  void release() {
    shared.release();
  }

  /** How one connection reads; to Netty it is its own factory. */
  @SuppressWarnings("deprecation") // of the handle's supertype, which Netty asks for
  static final class Handle implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    private final ReadBuffers buffers;
    private int limit = SIZE;
    private int attempted;
    private int last;

    private Handle(ReadBuffers buffers) {
      this.buffers = buffers;
    }

    @Override
    public Handle newHandle() {
      return this;
    }

    /** Reads at most so many bytes at once. */
    void limit(int bytes) {
      limit = bytes;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
      return buffers.borrow(limit);
    }

    @Override
    public int guess() {
      return limit;
    }

    @Override
    public void reset(ChannelConfig config) {
      // Nothing is learned from one read for the next.
    }

    @Override
    public void incMessagesRead(int count) {
      // One a turn.
    }

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    @Override
    public boolean continueReading() {
      return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return false;
    }

    @Override
    public void readComplete() {
      // See reset.
    }
  }
}
