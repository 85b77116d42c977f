package io.peerhub.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** The one setting of Jackson's parser that hostile input gets to see. */
final class StrictJson {
  /** How deep a frame may be nested: the frame, its kind, and 30 levels of a json body. */
  static final int DEPTH_MAX = 32;

  /** The frame and its kind: what surrounds a json body. */
  static final int ENVELOPE_DEPTH = 2;

  static final int NAME_MAX = 256;
  static final int NUMBER_MAX = 32;

  /** How a byte order mark begins in UTF-8; no JSON value does. */
  private static final byte BYTE_ORDER_MARK = (byte) 0xef;

  /** The bytes by which Jackson guesses the encoding. */
  private static final int GUESSED_BY = 4;

  private static final JsonFactory FRAMES = factory(DEPTH_MAX);
  private static final JsonFactory BODIES = factory(DEPTH_MAX - ENVELOPE_DEPTH);

  private StrictJson() {}

  private static JsonFactory factory(int depthMax) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(depthMax)
            .maxNameLength(NAME_MAX)
            .maxNumberLength(NUMBER_MAX)
            // The frame was delimited within its own limit: a string cannot be longer.
            .maxStringLength(Integer.MAX_VALUE)
            .build();
    return new JsonFactoryBuilder()
        .streamReadConstraints(constraints)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // Names come from strangers: what is interned stays for ever.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /** A parser for a whole frame; null if the bytes cannot be JSON in UTF-8. */
  static JsonParser frame(byte[] bytes, int offset, int length) throws IOException {
    return parser(FRAMES, bytes, offset, length);
  }

  /** A parser for a json body alone; null if the bytes cannot be JSON in UTF-8. */
  static JsonParser body(byte[] bytes) throws IOException {
    return parser(BODIES, bytes, 0, bytes.length);
  }

  /**
   * Jackson skips a byte order mark, guesses UTF-16 and UTF-32 by zeros in the first four bytes,
   * and lets overlong UTF-8 pass where it skips: all of that ends here.
   */
  private static JsonParser parser(JsonFactory factory, byte[] bytes, int offset, int length)
      throws IOException {
    int end = offset + length;
    if (length > 0 && bytes[offset] == BYTE_ORDER_MARK) {
      return null;
    }
    for (int i = offset; i < Math.min(end, offset + GUESSED_BY); i++) {
      if (bytes[i] == 0) {
        return null;
      }
    }
    return Utf8.isValid(bytes, offset, end) ? factory.createParser(bytes, offset, length) : null;
  }
}
