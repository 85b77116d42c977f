package io.peerhub.protocol.wire;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a frame's fields are written to: one implementation for each wire. What has its default
 * value is left out, as proto3 has it.
 */
interface FieldSink {
  void text(Field field, String value);

  void number(Field field, long value);

  void flag(Field field, boolean value);

  /** A value of an enum, by its place; its name in lower case is that of the schema. */
  void choice(Field field, Enum<?> value);

  /** Writes the one of the three fields that fits the kind of the body. */
  void body(Field text, Field data, Field json, Body body);

  void texts(Field field, List<String> values);

  void map(Field field, Map<String, String> values);

  void resume(Field field, Optional<Frame.Resume> value);

  void members(Field field, List<Frame.Member> values);
}
