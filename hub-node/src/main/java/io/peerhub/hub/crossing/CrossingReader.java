package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Reads the parts that messages are made of. Every claimed length is held against the bytes that
 * remain before anything is allocated for it.
 */
final class CrossingReader extends Input {
  private static final Body.Kind[] KINDS = Body.Kind.values();

  private final ActorNames names;
  private int version;
  private final List<ActorRef<?>> places = new ArrayList<>();

  CrossingReader(ActorNames names) {
    this.names = names;
  }

  /** The form that is read from here on was written in this version. */
  void readsVersion(int written) {
    version = written;
  }

  int version() {
    return version;
  }

  /** Begins with new bytes. */
  void begin(byte[] bytes) {
    setBuffer(bytes);
    places.clear();
  }

  boolean isAtEnd() {
    return position() == limit();
  }

  long number() {
    return readVarLong(true);
  }

  int count() {
    return readVarInt(true);
  }

  long[] numbers() {
    long[] values = new long[length(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = number();
    }
    return values;
  }

  boolean flag() {
    return switch (readByte()) {
      case 0 -> false;
      case 1 -> true;
      default -> throw new KryoException("neither true nor false");
    };
  }

  String text() {
    int length = length(1);
    String text = new String(getBuffer(), position(), length, StandardCharsets.UTF_8);
    skip(length);
    return text;
  }

  byte[] blob() {
    return readBytes(length(1));
  }

  <E extends Enum<E>> E constant(E[] values) {
    int ordinal = readByte();
    if (ordinal < 0 || ordinal >= values.length) {
      throw new KryoException("no such constant: " + ordinal);
    }
    return values[ordinal];
  }

  Identity identity() {
    return new Identity(text());
  }

  Body body() {
    Body.Kind kind = constant(KINDS);
    return Body.of(kind, blob());
  }

  /** An actor, or null. The type is that of the field: the sender's compiler has checked it. */
  <T> ActorRef<T> actor() {
    int place = count();
    if (place == CrossingWriter.NOBODY) {
      return null;
    }
    ActorRef<?> ref;
    if (place == CrossingWriter.NAMED) {
      ref = names.refOf(name());
      places.add(ref);
    } else {
      ref = places.get(place - CrossingWriter.FIRST);
    }
    return ref.unsafeUpcast();
  }

  private String name() {
    String name = text();
    if (name.length() > ActorNames.NAME_MAX) {
      throw new KryoException("an actor's name of " + name.length() + " characters");
    }
    return name;
  }

  /** A seat, or null. */
  Seat seat() {
    ActorRef<SessionInput> session = actor();
    return session == null ? null : new Seat(session, count());
  }

  <E> List<E> list(Function<CrossingReader, E> each) {
    int size = length(1);
    List<E> values = new ArrayList<>(Math.min(size, 1_024));
    for (int i = 0; i < size; i++) {
      values.add(each.apply(this));
    }
    return values;
  }

  Map<String, String> texts() {
    int size = length(2);
    if (size == 0) {
      return Map.of();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      values.put(text(), text());
    }
    return values;
  }

  /** A number of elements that take at least so many bytes each. */
  private int length(int bytesEach) {
    int length = readVarInt(true);
    if (length < 0 || (long) length * bytesEach > limit() - position()) {
      throw new KryoException("a length of " + length + " with less than that behind it");
    }
    return length;
  }
}
