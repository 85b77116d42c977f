package io.peerhub.hub;

import io.peerhub.peer.Peer;
import io.peerhub.peer.PeerActor;
import io.peerhub.peer.PeerCollaborators;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * How peers are spread over the nodes: by a hash of the identity, over a fixed number of shards.
 */
final class PeerSharding {
  /** 2^32 divided by it: each bit of a product depends on all that are lower in the factor. */
  private static final int GOLDEN_RATIO = 0x9E3779B9;

  private static final EntityTypeKey<Peer.Command> PEER =
      EntityTypeKey.create(Peer.Command.class, "peer");

  private PeerSharding() {}

  /** The region: takes every {@link Peer.Request} to the peer that it names. */
  static ActorRef<Peer.Command> init(ActorSystem<?> system, int shards, PeerCollaborators with) {
    return ClusterSharding.get(system)
        .init(
            Entity.of(
                    PEER,
                    entity ->
                        Behaviors.intercept(
                            () -> new CrashCount(with.meters()),
                            PeerActor.create(
                                new Identity(entity.getEntityId()), entity.getShard(), with)))
                .withMessageExtractor(new ByIdentity(shards))
                .withStopMessage(new Peer.Stop()));
  }

  /** A peer that fails ends; its sessions report to the next one. */
  private static final class CrashCount extends BehaviorInterceptor<Peer.Command, Peer.Command> {
    private final Meters meters;

    CrashCount(Meters meters) {
      super(Peer.Command.class);
      this.meters = meters;
    }

    @Override
    public Behavior<Peer.Command> aroundReceive(
        TypedActorContext<Peer.Command> context,
        Peer.Command command,
        ReceiveTarget<Peer.Command> peer) {
      try {
        return peer.apply(context, command);
      } catch (RuntimeException bug) {
        meters.count(Meter.CRASHES);
        throw bug;
      }
    }
  }

  /**
   * The shard of an identity. The hash is mixed, since a shard keeps its peers in a map by the same
   * hash: those of one shard would else share a few buckets of it.
   */
  static String shardOf(String identity, int shards) {
    int hash = identity.hashCode() * GOLDEN_RATIO;
    return Integer.toString(Math.floorMod(hash ^ hash >>> 16, shards));
  }

  /** Requests carry their identity themselves: no envelope around each. */
  private static final class ByIdentity
      extends ShardingMessageExtractor<Peer.Command, Peer.Command> {
    private final int shards;

    ByIdentity(int shards) {
      this.shards = shards;
    }

    @Override
    public String entityId(Peer.Command command) {
      return command instanceof Peer.Request request ? request.identity().text() : null;
    }

    @Override
    public String shardId(String entityId) {
      return shardOf(entityId, shards);
    }

    @Override
    public Peer.Command unwrapMessage(Peer.Command command) {
      return command;
    }
  }
}
