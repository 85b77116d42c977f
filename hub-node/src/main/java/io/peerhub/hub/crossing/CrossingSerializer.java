package io.peerhub.hub.crossing;

import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What Pekko calls for messages that leave the node. Safe for any thread.
 *
 * <p>The manifest stays empty: the number of the class is in the bytes.
 */
public final class CrossingSerializer extends SerializerWithStringManifest {
  /** Never changed: the nodes of a cluster know this serializer by it. */
  private static final int IDENTIFIER = 37_888;

  private final ThreadLocal<CrossingKit> kits;

  /** Made by Pekko, by its name in the configuration. */
  public CrossingSerializer(ExtendedActorSystem system) {
    // Later, not here: the serializers are made before the system can resolve references.
    this.kits =
        ThreadLocal.withInitial(
            () -> new CrossingKit(ActorRefResolver.get(Adapter.toTyped(system))));
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return "";
  }

  @Override
  public byte[] toBinary(Object message) {
    return kits.get().write(message);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return kits.get().read(bytes);
  }
}
