package io.peerhub.session;

import io.peerhub.identity.Identities;
import io.peerhub.identity.Permissions;
import io.peerhub.mailbox.MailboxAccess;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.routing.Halls;
import io.peerhub.routing.Routes;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all sessions of one event loop share. {@code routes}, {@code halls}, {@code backlogs} and
 * {@code probe} belong to the loop's thread; the rest is safe for any.
 *
 * @param loop the index of the loop
 * @param node the name of this node, as peers are told it
 * @param otherNodes where else to connect, as peers are told it
 * @param peers the sharding region of the peers
 * @param nanos a monotonic clock
 * @param clock the wall clock: for {@code sent_at} and lists, never for a rule
 */
public record Surroundings(
    int loop,
    String node,
    Supplier<List<String>> otherNodes,
    ActorRef<Peer.Command> peers,
    ActorRef<Roster.Command> roster,
    Routes routes,
    Halls halls,
    Backlogs backlogs,
    MailboxAccess mail,
    Identities identities,
    Permissions permissions,
    SessionSettings settings,
    AttendanceSettings attendance,
    LongSupplier nanos,
    Clock clock,
    Meters meters,
    Ledger ledger,
    LatencyProbe probe) {}
