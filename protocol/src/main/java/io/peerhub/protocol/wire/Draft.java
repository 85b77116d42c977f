package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.List;
import java.util.Map;

/**
 * The fields of one message, while it is being read. Both wires fill it, and what a frame must
 * contain is checked once, where {@link FrameBuilder} makes the frame of it.
 *
 * <p>A field that is wrong does not end the reading: the first fault is kept and the rest is read
 * on, so that the refusal can name the send that it answers although {@code n} came behind the
 * fault. Used again for every frame of a codec, and cleared behind it: a codec keeps nothing of
 * what it has read.
 */
final class Draft {
  /** The longest id of a message or a command, in UTF-8 bytes. */
  static final int ID_MAX = 128;

  /** No list and no map has more entries: they cost more than the bytes that they came in. */
  static final int ENTRIES_MAX = 1024;

  private static final int NONCE_CHARACTERS = 64;

  private final Object[] values = new Object[Field.NUMBER_MAX + 1];
  private final long[] numbers = new long[Field.NUMBER_MAX + 1];
  private Shape shape;
  private int seen;
  private Body.Kind bodyKind = Body.Kind.EMPTY;
  private byte[] body;
  private String fault;

  /** Forgets the last message. */
  void clear() {
    for (int left = seen; left != 0; left &= left - 1) {
      int number = Integer.numberOfTrailingZeros(left);
      values[number] = null;
      numbers[number] = 0;
    }
    seen = 0;
    shape = null;
    bodyKind = Body.Kind.EMPTY;
    body = null;
    fault = null;
  }

  /** Begins a message. */
  void begin(Shape next) {
    shape = next;
  }

  /** The kind of the frame; null as long as none was read. */
  Shape shape() {
    return shape;
  }

  /** Notes that a field was read; false if it had been read before. */
  boolean markSeen(Field field) {
    int bit = 1 << field.number();
    boolean first = (seen & bit) == 0;
    seen |= bit;
    return first;
  }

  /** Notes what is wrong; the first one counts. */
  void fault(String detail) {
    if (fault == null) {
      fault = detail;
    }
  }

  /** What is wrong; null for nothing. */
  String fault() {
    return fault;
  }

  void put(Field field, Object value) {
    markSeen(field);
    values[field.number()] = value;
  }

  void put(Field field, long number) {
    markSeen(field);
    numbers[field.number()] = number;
  }

  /** Sets the body; an earlier one is forgotten. The bytes are the draft's from now on. */
  void putBody(Body.Kind kind, byte[] bytes) {
    bodyKind = kind;
    body = bytes;
  }

  boolean hasBody() {
    return bodyKind != Body.Kind.EMPTY;
  }

  Object value(Field field) {
    return values[field.number()];
  }

  String text(Field field) {
    Object value = values[field.number()];
    return value == null ? "" : (String) value;
  }

  String requiredText(Field field) {
    String text = text(field);
    if (text.isEmpty()) {
      fault(field.name() + " is missing");
    }
    return text;
  }

  /** The sender's own name for a message or a command: bounded, since it is remembered. */
  String id(Field field) {
    String text = text(field);
    if (text.length() > ID_MAX / 3 && Utf8.length(text) > ID_MAX) {
      fault(field.name() + " is longer than " + ID_MAX + " bytes");
    }
    return text;
  }

  /** A nonce: 32 bytes in lower-case hex. */
  String nonce(Field field) {
    String text = text(field);
    if (!isNonce(text)) {
      fault(field.name() + " is not 64 lower-case hex characters");
    }
    return text;
  }

  private static boolean isNonce(String text) {
    if (text.length() != NONCE_CHARACTERS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  long number(Field field) {
    return numbers[field.number()];
  }

  long requiredNumber(Field field) {
    long number = numbers[field.number()];
    if (number == 0) {
      fault(field.name() + " is missing or 0");
    }
    return number;
  }

  /**
   * A number of 32 bits without a sign. Past what an int holds it stands for "as many as there can
   * be": all of them are counts and times, which are held to limits of the hub far below that.
   */
  int smallNumber(Field field) {
    return (int) Math.min(numbers[field.number()], Integer.MAX_VALUE);
  }

  boolean flag(Field field) {
    return numbers[field.number()] != 0;
  }

  @SuppressWarnings("unchecked") // only texts are ever put under a field of this type
  List<String> texts(Field field) {
    Object value = values[field.number()];
    return value == null ? List.of() : (List<String>) value;
  }

  @SuppressWarnings("unchecked") // only members are ever put under a field of this type
  List<Frame.Member> members(Field field) {
    Object value = values[field.number()];
    return value == null ? List.of() : (List<Frame.Member>) value;
  }

  @SuppressWarnings("unchecked") // only texts are ever put under a field of this type
  Map<String, String> map(Field field) {
    Object value = values[field.number()];
    return value == null ? Map.of() : (Map<String, String>) value;
  }

  Body body() {
    return bodyKind == Body.Kind.EMPTY ? Body.EMPTY : Body.of(bodyKind, body);
  }

  /** Ends in the refusal of the frame, if a fault was noted. */
  void check() throws BadFrame {
    if (fault != null) {
      throw bad(Refusal.MALFORMED, fault);
    }
  }

  /** The refusal of a frame that cannot be read on. */
  BadFrame malformed(String detail) {
    return bad(Refusal.MALFORMED, fault == null ? detail : fault);
  }

  BadFrame bad(Refusal refusal, String detail) {
    if (shape == null) {
      return new BadFrame(refusal, detail);
    }
    String id = shape.id == null ? "" : text(shape.id);
    boolean echoable = id.length() <= ID_MAX && Utf8.length(id) <= ID_MAX;
    long n = shape.n == null ? 0 : numbers[shape.n.number()];
    return new BadFrame(refusal, detail, shape.kind, echoable ? id : "", n);
  }
}
