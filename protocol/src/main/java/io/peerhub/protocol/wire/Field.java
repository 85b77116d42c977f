package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;

/**
 * One field of the schema, with what each wire needs to write it prepared once.
 *
 * <p>A record, because the JIT compiler trusts the fields of a record held in a constant: writing a
 * tag then costs as much as if it stood in the code.
 *
 * @param number as in {@code peerhub.proto}
 * @param name lowerCamelCase, as JSON writes it
 * @param schemaName as in {@code peerhub.proto}; read in JSON too
 * @param type what it holds
 * @param tag number and wire type, as Protobuf writes them
 * @param jsonKey {@code ,"name":}, in UTF-8
 */
record Field(int number, String name, String schemaName, Type type, int tag, byte[] jsonKey) {
  /** The highest number that a field of ours has. */
  static final int NUMBER_MAX = 16;

  static final int VARINT = 0;
  static final int LENGTH_DELIMITED = 2;

  /** What a field holds, as far as reading and writing differ. */
  enum Type {
    TEXT(LENGTH_DELIMITED),
    /** A text that comes again and again: the name of a peer or a room. */
    NAME(LENGTH_DELIMITED),
    /** Below 2^53. */
    NUMBER(VARINT),
    /** Below 2^31. */
    SMALL_NUMBER(VARINT),
    FLAG(VARINT),
    DELIVERY(VARINT),
    CONFIRMATION(VARINT),
    BODY_TEXT(LENGTH_DELIMITED),
    BODY_DATA(LENGTH_DELIMITED),
    BODY_JSON(LENGTH_DELIMITED),
    TEXTS(LENGTH_DELIMITED),
    MAP(LENGTH_DELIMITED),
    RESUME(LENGTH_DELIMITED),
    MEMBERS(LENGTH_DELIMITED);

    final int wireType;

    Type(int wireType) {
      this.wireType = wireType;
    }
  }

  static Field of(int number, String schemaName, Type type) {
    String name = camelCase(schemaName);
    byte[] key = (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    return new Field(number, name, schemaName, type, number << 3 | type.wireType, key);
  }

  private static String camelCase(String schemaName) {
    StringBuilder name = new StringBuilder();
    for (String part : schemaName.split("_")) {
      name.append(
          name.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return name.toString();
  }
}
