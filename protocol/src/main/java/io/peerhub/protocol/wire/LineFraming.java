package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Refusal;

/**
 * One frame a line. Lines of white space alone are passed over and need not be kept; between two
 * frames they may not add up to more than a frame, however they arrive.
 */
final class LineFraming implements Framing {
  private int maxFrame;
  private int offset;
  private int length;
  private int end;

  /** The bytes of blank lines since the last frame. */
  private long blank;

  /** How much of the line that has begun was looked at without finding its end. */
  private int scanned;

  LineFraming(int maxFrame) {
    this.maxFrame = maxFrame;
  }

  @Override
  public boolean next(byte[] bytes, int from, int to) throws BadFrame {
    int start = from;
    int newline = newline(bytes, start + scanned, to);
    while (newline >= 0) {
      int lineEnd = newline > start && bytes[newline - 1] == '\r' ? newline - 1 : newline;
      check(lineEnd - start);
      if (!isBlank(bytes, start, lineEnd)) {
        found(start, lineEnd, newline + 1);
        return true;
      }
      blank += newline + 1 - start;
      check(blank);
      start = newline + 1;
      newline = newline(bytes, start, to);
    }
    end = start;
    scanned = to - start;
    // The last byte may be the \r of a line that is just as long as it may be.
    check(scanned > 0 && bytes[to - 1] == '\r' ? scanned - 1 : scanned);
    return false;
  }

  private void found(int start, int lineEnd, int next) {
    offset = start;
    length = lineEnd - start;
    end = next;
    blank = 0;
    scanned = 0;
  }

  private void check(long size) throws BadFrame {
    if (size > maxFrame) {
      throw new BadFrame(Refusal.FRAME_TOO_LARGE, "a line of more than " + maxFrame + " bytes");
    }
  }

  /** Where the next newline stands; -1 if there is none. Eight bytes at a time. */
  private static int newline(byte[] bytes, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long difference = (long) Utf8.LONGS.get(bytes, i) ^ 0x0a0a_0a0a_0a0a_0a0aL;
      long zeros = difference - 0x0101_0101_0101_0101L & ~difference & 0x8080_8080_8080_8080L;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
      i += Long.BYTES;
    }
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i < to ? i : -1;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r')) {
      i++;
    }
    return i == to;
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
