package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;

/** Kryo as it is used here: the table, and nothing else. Belongs to one thread. */
final class CrossingKryo {
  /** Kryo writes a class as its number and this, so that 0 is no object and 1 a name. */
  private static final int NUMBERS_BEGIN = 2;

  private final Kryo kryo = new Kryo();

  CrossingKryo() {
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    for (Form<?> form : CrossingTable.forms()) {
      kryo.register(form.type, form, form.id);
    }
  }

  /** Whether there is a form for objects of this class. */
  boolean knows(Class<?> type) {
    Registration registration = kryo.getClassResolver().getRegistration(type);
    return registration != null && registration.getId() >= CrossingTable.FIRST_ID;
  }

  @SuppressWarnings("unchecked") // The table pairs each class with the form of just that class.
  void write(CrossingWriter out, Object message) {
    Registration registration = kryo.writeClass(out, message.getClass());
    Serializer<Object> form = (Serializer<Object>) registration.getSerializer();
    kryo.writeObject(out, message, form);
  }

  /**
   * Reads the class's number itself: Kryo would take a name too, and make room for as long a one as
   * is claimed, and load the class that it names, before it refuses it.
   */
  @SuppressWarnings("unchecked") // As above.
  Object read(CrossingReader in) {
    int id = in.count() - NUMBERS_BEGIN;
    Registration registration = id < CrossingTable.FIRST_ID ? null : kryo.getRegistration(id);
    if (registration == null) {
      throw new KryoException("not a message");
    }
    Serializer<Object> form = (Serializer<Object>) registration.getSerializer();
    return kryo.readObject(in, (Class<Object>) registration.getType(), form);
  }
}
