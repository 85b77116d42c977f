package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.KryoException;
import java.io.NotSerializableException;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** One thread's tools: single messages to bytes and back. */
final class CrossingKit {
  private final CrossingKryo kryo = new CrossingKryo();
  private final CrossingWriter out;
  private final CrossingReader in;

  CrossingKit(ActorRefResolver resolver) {
    ActorNames names = new ActorNames(resolver);
    this.out = new CrossingWriter(names);
    this.in = new CrossingReader(names);
  }

  /**
   * @throws IllegalArgumentException if the message is not in the table
   */
  byte[] write(Object message) {
    if (!kryo.knows(message.getClass())) {
      throw new IllegalArgumentException(message.getClass().getName() + " does not cross nodes");
    }
    try {
      kryo.write(out, message);
      return out.toBytes();
    } finally {
      out.clear(); // After a failure, too: the next message begins with an empty buffer.
    }
  }

  Object read(byte[] bytes) throws NotSerializableException {
    try {
      in.begin(bytes);
      Object message = kryo.read(in);
      if (!in.isAtEnd()) {
        throw new KryoException("bytes behind the message");
      }
      return message;
    } catch (RuntimeException e) {
      // Whatever a form throws over bytes that it cannot read: a length, a name, an index.
      throw unreadable(e);
    }
  }

  static NotSerializableException unreadable(Throwable cause) {
    return refused("cannot be read: " + cause.getMessage(), cause);
  }

  static NotSerializableException unwritable(Object message, Throwable cause) {
    return refused(message.getClass().getName() + " cannot be written", cause);
  }

  private static NotSerializableException refused(String why, Throwable cause) {
    NotSerializableException refused = new NotSerializableException(why);
    refused.initCause(cause);
    return refused;
  }
}
