package io.peerhub.hub;

import io.peerhub.mailbox.Mailbox;
import io.peerhub.mailbox.MailboxActor;
import io.peerhub.mailbox.MailboxCollaborators;
import io.peerhub.protocol.Identity;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** How mailboxes are spread over the nodes: as peers are, by a hash of the identity. */
final class MailboxSharding {
  private static final EntityTypeKey<Mailbox.Command> MAILBOX =
      EntityTypeKey.create(Mailbox.Command.class, "mailbox");

  private MailboxSharding() {}

  /** The region: takes every {@link Mailbox.Request} to the mailbox of its owner. */
  static ActorRef<Mailbox.Command> init(
      ActorSystem<?> system, int shards, MailboxCollaborators with) {
    return ClusterSharding.get(system)
        .init(
            Entity.of(
                    MAILBOX,
                    entity ->
                        MailboxActor.create(
                            new Identity(entity.getEntityId()), entity.getShard(), with))
                .withMessageExtractor(new ByOwner(shards))
                .withStopMessage(new Mailbox.Stop()));
  }

  /** Requests carry their owner themselves: no envelope around each. */
  private static final class ByOwner
      extends ShardingMessageExtractor<Mailbox.Command, Mailbox.Command> {
    private final int shards;

    ByOwner(int shards) {
      this.shards = shards;
    }

    @Override
    public String entityId(Mailbox.Command command) {
      return command instanceof Mailbox.Request request ? request.owner().text() : null;
    }

    @Override
    public String shardId(String entityId) {
      return PeerSharding.shardOf(entityId, shards);
    }

    @Override
    public Mailbox.Command unwrapMessage(Mailbox.Command command) {
      return command;
    }
  }
}
