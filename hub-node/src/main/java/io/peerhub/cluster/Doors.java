package io.peerhub.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells the other nodes where peers connect to this one, and hears it of them ("Table" shape, one
 * actor a node). Peers are told of the others in {@code welcome} and {@code goaway}.
 *
 * <p>Each node says it to whoever comes, and to all again every few seconds, so that a word that is
 * lost is made good. A node that takes no more peers says that too.
 */
public final class Doors {
  /** The name under the guardian by which the nodes find each other's. */
  public static final String NAME = "doors";

  /** What it hears. */
  public sealed interface Command {}

  /** Peers can connect to this node, there. */
  public record Open(String address) implements Command {}

  /** This node takes no more peers. */
  public record Close() implements Command {}

  /**
   * Of another node: peers connect to it there.
   *
   * @param node its address in the cluster
   * @param address as {@code HOST:PORT}; empty if it takes none
   */
  public record Door(String node, String address) implements Command {}

  private record Changed() implements Command {}

  private record SayAgain() implements Command {}

  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final ActorRefResolver resolver;
  private final Neighbours neighbours;
  private final Map<String, String> doors = new HashMap<>();
  private List<Address> told = List.of();
  private String own = "";

  private Doors(ActorContext<Command> context, Neighbours neighbours) {
    this.cluster = Cluster.get(context.getSystem());
    this.resolver = ActorRefResolver.get(context.getSystem());
    this.neighbours = neighbours;
  }

  /**
   * @param neighbours is kept true
   */
  public static Behavior<Command> create(Neighbours neighbours) {
    Behavior<Command> telling =
        Behaviors.setup(
            context -> {
              ActorRef<ClusterEvent.ClusterDomainEvent> changes =
                  context.messageAdapter(
                      ClusterEvent.ClusterDomainEvent.class, ignored -> new Changed());
              Cluster.get(context.getSystem())
                  .subscriptions()
                  .tell(Subscribe.create(changes, ClusterEvent.ClusterDomainEvent.class));
              Doors doors = new Doors(context, neighbours);
              return Behaviors.withTimers(
                  timers -> {
                    timers.startTimerWithFixedDelay(new SayAgain(), AGAIN);
                    return Behaviors.receiveMessage(doors::onCommand);
                  });
            });
    return Behaviors.supervise(telling).onFailure(SupervisorStrategy.restart());
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Open open -> {
        own = open.address();
        sayTo(others());
      }
      case Close close -> {
        own = "";
        sayTo(others());
      }
      case Door door -> {
        doors.put(door.node(), door.address());
        list();
      }
      case Changed changed -> {
        List<Address> now = others();
        List<Address> newcomers = new ArrayList<>(now);
        newcomers.removeAll(told);
        sayTo(newcomers);
        told = now;
        list();
      }
      case SayAgain again -> sayTo(others());
    }
    return Behaviors.same();
  }

  /** Those that are up and can be reached. */
  private List<Address> others() {
    ClusterEvent.CurrentClusterState state = cluster.state();
    List<Address> others = new ArrayList<>();
    for (Member member : state.getMembers()) {
      boolean isOther = !member.equals(cluster.selfMember());
      boolean isThere =
          member.status().equals(MemberStatus.up()) && !state.getUnreachable().contains(member);
      if (isOther && isThere) {
        others.add(member.address());
      }
    }
    return others;
  }

  private void sayTo(List<Address> nodes) {
    Door door = new Door(cluster.selfMember().address().toString(), own);
    for (Address node : nodes) {
      resolver.<Command>resolveActorRef(node + "/user/" + NAME).tell(door);
    }
  }

  private void list() {
    Set<String> members = new HashSet<>();
    cluster.state().getMembers().forEach(member -> members.add(member.address().toString()));
    doors.keySet().retainAll(members);
    List<String> open = new ArrayList<>();
    for (Address node : others()) {
      String address = doors.getOrDefault(node.toString(), "");
      if (!address.isEmpty()) {
        open.add(address);
      }
    }
    neighbours.set(open);
  }
}
