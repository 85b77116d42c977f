package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Refusal;

/** A length before each frame, as a varint: judged as soon as it is there, before the frame is. */
final class LengthFraming implements Framing {
  /** The bytes of a length of 32 bits. */
  private static final int PREFIX_MAX = 5;

  private int maxFrame;
  private int offset;
  private int length;
  private int end;

  LengthFraming(int maxFrame) {
    this.maxFrame = maxFrame;
  }

  @Override
  public boolean next(byte[] bytes, int from, int to) throws BadFrame {
    long size = 0;
    end = from;
    int prefixEnd = Math.min(to, from + PREFIX_MAX);
    for (int i = from; i < prefixEnd; i++) {
      size |= (long) (bytes[i] & 0x7f) << 7 * (i - from);
      if (bytes[i] >= 0) {
        return frame(i + 1, size, to);
      }
    }
    if (prefixEnd - from == PREFIX_MAX) {
      throw tooLarge();
    }
    return false;
  }

  private boolean frame(int start, long size, int to) throws BadFrame {
    if (size > maxFrame) {
      throw tooLarge();
    }
    if (size > to - start) {
      return false;
    }
    offset = start;
    length = (int) size;
    end = start + length;
    return true;
  }

  private BadFrame tooLarge() {
    return new BadFrame(Refusal.FRAME_TOO_LARGE, "a frame of more than " + maxFrame + " bytes");
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public void limit(int newMaxFrame) {
    maxFrame = newMaxFrame;
  }
}
