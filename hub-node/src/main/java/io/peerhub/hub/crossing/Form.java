package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How one class crosses: the version of its form, then its fields in a fixed order. */
final class Form<T> extends Serializer<T> {
  /** The version that is written. */
  private static final int VERSION = 1;

  final int id;
  final Class<T> type;
  private final BiConsumer<CrossingWriter, T> writing;
  private final Function<CrossingReader, T> reading;

  Form(
      int id,
      Class<T> type,
      BiConsumer<CrossingWriter, T> writing,
      Function<CrossingReader, T> reading) {
    this.id = id;
    this.type = type;
    this.writing = writing;
    this.reading = reading;
  }

  @Override
  public void write(Kryo kryo, Output output, T value) {
    output.writeByte(VERSION);
    writing.accept((CrossingWriter) output, value);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> expected) {
    int version = input.readByte();
    if (version != VERSION) {
      throw new KryoException("version " + version + " of " + type.getName() + " is not known");
    }
    return reading.apply((CrossingReader) input);
  }
}
