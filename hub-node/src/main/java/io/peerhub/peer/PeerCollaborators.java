package io.peerhub.peer;

import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What all peers of a node share.
 *
 * @param terms gives a new term with each call: committed, higher than any before
 */
public record PeerCollaborators(
    PeerSettings settings,
    Rosters rosters,
    Supplier<CompletionStage<Long>> terms,
    Clock clock,
    Meters meters,
    Ledger ledger) {}
