package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.KryoException;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Actor references as texts and back. To resolve a text costs a walk through the actors of the
 * node, and batches name the same few sessions again and again, so the last ones are kept. Belongs
 * to one thread.
 */
final class ActorNames {
  private static final int KEPT_MAX = 10_000;

  /** Longer ones are not ours: a path of ours has fewer than 300 characters. */
  static final int NAME_MAX = 1_024;

  private final ActorRefResolver resolver;
  private final Map<String, ActorRef<?>> refs = new HashMap<>();
  private final Map<ActorRef<?>, String> names = new HashMap<>();

  ActorNames(ActorRefResolver resolver) {
    this.resolver = resolver;
  }

  String nameOf(ActorRef<?> ref) {
    String name = names.get(ref);
    if (name == null) {
      name = resolver.toSerializationFormat(ref);
      keep(names, ref, name);
    }
    return name;
  }

  ActorRef<?> refOf(String name) {
    ActorRef<?> ref = refs.get(name);
    if (ref == null) {
      if (!name.startsWith("pekko://")) {
        throw new KryoException("no actor's name");
      }
      ref = resolver.resolveActorRef(name);
      if (name.indexOf('#') > 0) {
        keep(refs, name, ref);
      }
    }
    return ref;
  }

  /** Forgets all at once when full: what is in use comes back at once, and no order is kept. */
  private static <K, V> void keep(Map<K, V> map, K key, V value) {
    if (map.size() >= KEPT_MAX) {
      map.clear();
    }
    map.put(key, value);
  }
}
