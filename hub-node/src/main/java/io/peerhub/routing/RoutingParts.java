package io.peerhub.routing;

import io.peerhub.delivery.Budget;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the routing of every loop of a node shares.
 *
 * @param peers takes what is said to peers and brings it to the one that is meant
 * @param rosters the rosters of the nodes that can be reached now
 * @param known whether there may be such a peer, as far as is known without waiting
 * @param codecs makes the codec of each loop
 * @param crossings bytes that may be on their way between loops and nodes
 * @param nanos a monotonic clock
 */
public record RoutingParts(
    RoutingSettings settings,
    Supplier<LinkCodec> codecs,
    Budget crossings,
    ActorRef<Peer.Command> peers,
    Supplier<List<ActorRef<Roster.Command>>> rosters,
    Predicate<Identity> known,
    LongSupplier nanos,
    Meters meters,
    Ledger ledger) {}
