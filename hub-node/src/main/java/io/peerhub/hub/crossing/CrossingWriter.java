package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.io.Output;
import io.peerhub.mail.Seat;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes the parts that messages are made of. An actor reference is written as a text the first
 * time, as its place among the others of the same bytes from then on.
 */
final class CrossingWriter extends Output {
  /** The place of no actor, and of one that follows as a text. */
  static final int NOBODY = 0;

  static final int NAMED = 1;
  static final int FIRST = 2;

  private static final int SIZE = 4 * 1024;

  /** A buffer that grew beyond this for one large message is not kept. */
  private static final int KEPT_MAX = 256 * 1024;

  private final ActorNames names;
  private final Map<ActorRef<?>, Integer> places = new HashMap<>();

  CrossingWriter(ActorNames names) {
    super(SIZE, -1);
    this.names = names;
  }

  /** Begins anew. */
  void clear() {
    reset();
    places.clear();
    if (getBuffer().length > KEPT_MAX) {
      setBuffer(new byte[SIZE], -1);
    }
  }

  /** How many actors have a place in what was written so far. */
  int actorCount() {
    return places.size();
  }

  /**
   * Goes back to where it was: of what was written since nothing stays, no actor's place either.
   */
  void cut(int position, int actorCount) {
    setPosition(position);
    places.values().removeIf(place -> place >= actorCount);
  }

  /** A number of 64 bits; small ones that are not negative take few bytes. */
  void number(long value) {
    writeVarLong(value, true);
  }

  /** A number of 32 bits; small ones that are not negative take few bytes. */
  void count(int value) {
    writeVarInt(value, true);
  }

  void numbers(long[] values) {
    count(values.length);
    for (long value : values) {
      number(value);
    }
  }

  void flag(boolean value) {
    writeBoolean(value);
  }

  void text(String value) {
    blob(value.getBytes(StandardCharsets.UTF_8));
  }

  void blob(byte[] value) {
    writeVarInt(value.length, true);
    writeBytes(value);
  }

  void constant(Enum<?> value) {
    writeByte(value.ordinal());
  }

  void identity(Identity value) {
    text(value.text());
  }

  void body(Body value) {
    constant(value.kind());
    blob(value.bytes());
  }

  void actor(ActorRef<?> ref) {
    if (ref == null) {
      count(NOBODY);
      return;
    }
    Integer place = places.putIfAbsent(ref, places.size());
    if (place != null) {
      count(FIRST + place);
    } else {
      count(NAMED);
      text(names.nameOf(ref));
    }
  }

  /** A seat, or none. */
  void seat(Seat value) {
    actor(value == null ? null : value.session());
    if (value != null) {
      count(value.loop());
    }
  }

  <E> void list(List<E> values, BiConsumer<CrossingWriter, E> each) {
    count(values.size());
    for (E value : values) {
      each.accept(this, value);
    }
  }

  void texts(Map<String, String> values) {
    count(values.size());
    values.forEach(
        (key, value) -> {
          text(key);
          text(value);
        });
  }
}
