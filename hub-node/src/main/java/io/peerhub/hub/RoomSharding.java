package io.peerhub.hub;

import io.peerhub.room.Room;
import io.peerhub.room.RoomActor;
import io.peerhub.room.RoomCollaborators;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** How rooms are spread over the nodes: as peers are, by a hash of the name. */
final class RoomSharding {
  private static final EntityTypeKey<Room.Command> ROOM =
      EntityTypeKey.create(Room.Command.class, "room");

  private RoomSharding() {}

  /** The region: takes every {@link Room.Request} to the room that it names. */
  static ActorRef<Room.Command> init(ActorSystem<?> system, int shards, RoomCollaborators with) {
    return ClusterSharding.get(system)
        .init(
            Entity.of(
                    ROOM, entity -> RoomActor.create(entity.getEntityId(), entity.getShard(), with))
                .withMessageExtractor(new ByName(shards))
                .withStopMessage(new Room.Stop()));
  }

  /** Requests carry the room's name themselves: no envelope around each. */
  private static final class ByName extends ShardingMessageExtractor<Room.Command, Room.Command> {
    private final int shards;

    ByName(int shards) {
      this.shards = shards;
    }

    @Override
    public String entityId(Room.Command command) {
      return command instanceof Room.Request request ? request.room() : null;
    }

    @Override
    public String shardId(String entityId) {
      return PeerSharding.shardOf(entityId, shards);
    }

    @Override
    public Room.Command unwrapMessage(Room.Command command) {
      return command;
    }
  }
}
