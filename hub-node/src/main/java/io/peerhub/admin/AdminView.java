package io.peerhub.admin;

import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.room.RoomCensus;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the door shows of the node.
 *
 * @param node the node's name, as its peers see it in {@code welcome}
 * @param cluster who can be asked about peers and rooms
 * @param devices asked for when somebody looks; what it does waits for the database
 */
public record AdminView(
    String node,
    Meters meters,
    Ledger ledger,
    Levels levels,
    LatencySample latency,
    Cluster cluster,
    Supplier<DeviceDesk> devices,
    Facts facts) {

  /**
   * Whom pages ask.
   *
   * @param rosters those of all nodes that can be reached, this one's among them
   * @param peers takes a question to the peer that it names, on whichever node that is
   * @param rooms the rooms of this node
   * @param drain the port closes and the sessions of this node say goodbye; the second time it does
   *     nothing
   */
  public record Cluster(
      Supplier<List<ActorRef<Roster.Command>>> rosters,
      ActorRef<Peer.Command> peers,
      RoomCensus rooms,
      Runnable drain) {}

  /**
   * What readiness is made of. Each is asked on every probe, on the door's dispatcher: it says what
   * it knows and does not go and look.
   *
   * @param listening the peers' listener is open
   * @param memberUp this node is an Up member of its cluster
   * @param draining this node sends its peers away
   * @param databaseReachable told, but no part of readiness: live messages go on without it, and
   *     sending everybody away from every node at once would help nobody
   */
  public record Facts(
      BooleanSupplier listening,
      BooleanSupplier memberUp,
      BooleanSupplier draining,
      BooleanSupplier databaseReachable) {}
}
