package io.peerhub.peer;

import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all peers of a node share.
 *
 * @param rosters the rosters of the nodes that can be reached now
 * @param terms gives a new term with each call: committed, higher than any before
 */
public record PeerCollaborators(
    PeerSettings settings,
    Supplier<List<ActorRef<Roster.Command>>> rosters,
    Supplier<CompletionStage<Long>> terms,
    Clock clock,
    Meters meters,
    Ledger ledger) {}
