package io.peerhub.peer;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The rosters of all nodes. They are found by their fixed path, not by a registry: a registry lags
 * behind the membership, and who is asked must be exactly who is a member. Safe for any thread.
 */
public final class Rosters {
  private final ActorRefResolver resolver;
  private final Cluster cluster;

  public Rosters(ActorSystem<?> system) {
    this.resolver = ActorRefResolver.get(system);
    this.cluster = Cluster.get(system);
  }

  /** The rosters of all members that can be reached; an unreachable one would not answer. */
  public List<ActorRef<Roster.Command>> reachable() {
    ClusterEvent.CurrentClusterState state = cluster.state();
    List<ActorRef<Roster.Command>> rosters = new ArrayList<>();
    for (Member member : state.getMembers()) {
      if (!state.getUnreachable().contains(member)) {
        rosters.add(at(member.address()));
      }
    }
    return rosters;
  }

  private ActorRef<Roster.Command> at(Address node) {
    return resolver.resolveActorRef(node + "/user/" + Roster.NAME);
  }
}
