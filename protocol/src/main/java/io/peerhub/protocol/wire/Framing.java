package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;

/**
 * Finds the frames in a stream of bytes: lines, or a varint length before each. Belongs to one
 * connection and one thread; allocates nothing.
 *
 * <pre>{@code
 * while (framing.next(bytes, from, to)) {
 *   codec.decodeFromPeer(bytes, framing.offset(), framing.length());
 *   from = framing.end();
 * }
 * from = framing.end();
 * // bytes[from..to) is the beginning of a frame: keep it, read on
 * }</pre>
 *
 * <p>A frame that is larger than the limit is refused (1002) before anybody makes room for it, and
 * a line without an end as soon as the limit is passed. After a refusal the stream cannot be read
 * any more.
 */
public interface Framing {
  /** Lines, ended by a newline with or without a carriage return; blank lines are passed over. */
  static Framing lines(int maxFrame) {
    return new LineFraming(maxFrame);
  }

  /** A varint with the frame's length before each. */
  static Framing lengthPrefixed(int maxFrame) {
    return new LengthFraming(maxFrame);
  }

  /**
   * Looks for the next whole frame in {@code bytes[from..to)}. What was looked at in vain is not
   * looked at again, as long as the caller goes on with the same unread bytes (at whatever place in
   * whatever array), so that a line that dribbles in costs its length once.
   *
   * @return whether there is one; then {@link #offset()}, {@link #length()} and {@link #end()} tell
   *     where; if not, {@link #end()} tells from where on the bytes have to be kept: never more of
   *     them than the largest frame and what delimits it
   */
  boolean next(byte[] bytes, int from, int to) throws BadFrame;

  /** Where the frame itself begins, behind its prefix. */
  int offset();

  /** How long it is, without prefix or newline. */
  int length();

  /** Where the next one begins, be it whole or not. */
  int end();

  /** Sets the largest frame that is taken, in bytes: 8 KiB before authentication, more after. */
  void limit(int maxFrame);
}
