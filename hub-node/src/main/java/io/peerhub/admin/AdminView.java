package io.peerhub.admin;

import io.peerhub.peer.Roster;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the door shows of the node.
 *
 * @param node the node's name, as its peers see it in {@code welcome}
 */
public record AdminView(
    String node,
    Meters meters,
    Ledger ledger,
    LatencySample latency,
    ActorRef<Roster.Command> roster,
    Facts facts) {

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
