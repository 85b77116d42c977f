package io.peerhub.room;

import io.peerhub.delivery.Budget;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What all rooms of a node share. Safe for any thread.
 *
 * @param terms gives a new term with each call: committed, higher than any before
 * @param crossings bytes that may be on their way between loops and nodes
 * @param relay brings something to a seat on another node, in order for each seat
 * @param nanos a monotonic clock
 */
public record RoomCollaborators(
    RoomSettings settings,
    Supplier<CompletionStage<Long>> terms,
    Budget crossings,
    BiConsumer<Seat, SessionInput> relay,
    RoomCensus census,
    LongSupplier nanos,
    Clock clock,
    Meters meters,
    Ledger ledger) {
  /** Tells a seat of whatever node; what one room tells one seat stays in order. */
  void tell(Seat to, SessionInput what) {
    if (to.session().path().address().hasLocalScope()) {
      to.session().tell(what);
    } else {
      relay.accept(to, what);
    }
  }
}
