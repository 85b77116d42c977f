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
  final int id;
  final Class<T> type;
  private final int version;
  private final BiConsumer<CrossingWriter, T> writing;
  private final Function<CrossingReader, T> reading;

  Form(
      int id,
      Class<T> type,
      BiConsumer<CrossingWriter, T> writing,
      Function<CrossingReader, T> reading) {
    this(id, type, 1, writing, reading);
  }

  /**
   * @param version the version that is written; the one before is read too
   * @param reading asks the reader for the version where they differ
   */
  Form(
      int id,
      Class<T> type,
      int version,
      BiConsumer<CrossingWriter, T> writing,
      Function<CrossingReader, T> reading) {
    this.version = version;
    this.id = id;
    this.type = type;
    this.writing = writing;
    this.reading = reading;
  }

  @Override
  public void write(Kryo kryo, Output output, T value) {
    output.writeByte(version);
    writing.accept((CrossingWriter) output, value);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> expected) {
    int written = input.readByte();
    if (written < 1 || written > version || written < version - 1) {
      throw new KryoException("version " + written + " of " + type.getName() + " is not known");
    }
    CrossingReader in = (CrossingReader) input;
    in.readsVersion(written);
    return reading.apply(in);
  }
}
