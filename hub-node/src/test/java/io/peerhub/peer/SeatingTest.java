package io.peerhub.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has the one seat: without an actor of the peer. References of actors are names here. */
class SeatingTest {
  private static final Identity BOB = new Identity("bob");

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final Seating seating = new Seating(null, false);

  @Test
  void nobodyIsMadeTheOneBeforeThereIsATerm() {
    assertThat(seating.attach(attach(seat(), "a"), 1)).isInstanceOf(Seating.Unnumbered.class);
    assertThat(seating.isVacant()).isTrue();
  }

  @Test
  void theFirstHasNobodyBeforeIt() {
    seating.number(7);
    Seat seat = seat();
    Seating.Seated seated = seated(seating.attach(attach(seat, "a"), 1));
    assertThat(seated.isNew()).isTrue();
    assertThat(seated.older()).isNull();
    assertThat(seated.isTakeover()).isFalse();
    assertThat(((Peer.Attached) seated.said()).epoch()).isEqualTo((7L << 20) + 1);
    assertThat(seating.seat()).isEqualTo(seat);
  }

  @Test
  void whoComesNextTakesTheSeatAndTheOlderOneYields() {
    seating.number(1);
    Seat older = seat();
    seating.attach(attach(older, "a"), 1);
    Seat newer = seat();
    Seating.Seated seated = seated(seating.attach(attach(newer, "b"), 2));
    assertThat(seated.isTakeover()).isTrue();
    assertThat(seated.older().session()).isEqualTo(older.session());
    assertThat(seated.older().yield().to()).isEqualTo(newer);
    assertThat(((Peer.Attached) seated.said()).previous()).isEqualTo(older);
  }

  @Test
  void whoHadToYieldIsNeverTheOneAgainUntilItsActorHasEnded() {
    seating.number(1);
    Seat older = seat();
    Seating.Seated first = seated(seating.attach(attach(older, "a"), 1));
    Seat newer = seat();
    Seating.Seated second = seated(seating.attach(attach(newer, "b"), 2));
    assertThat(seating.attach(attach(older, "a"), 3))
        .isEqualTo(repeated(first.said(), second.older().yield()));
    assertThat(seating.claim(older, "a", Long.MAX_VALUE, 4))
        .isEqualTo(repeated(second.older().yield()));
    assertThat(seating.seat()).isEqualTo(newer);
    assertThat(seating.ended(older.session(), 5)).isFalse();
    assertThat(seating.claim(older, "a", Long.MAX_VALUE, 6)).isInstanceOf(Seating.Seated.class);
  }

  @Test
  void whoAsksAgainIsToldTheSameAndTakesNothing() {
    seating.number(1);
    Seat seat = seat();
    Seating.Seated first = seated(seating.attach(attach(seat, "a"), 1));
    assertThat(seating.attach(attach(seat, "a"), 2)).isEqualTo(repeated(first.said()));
    assertThat(seating.isReturn()).isFalse();
  }

  @Test
  void aSecondOneIsADuplicateOnlyWhileTheFirstIsConnectedAndNotItself() {
    Seating strict = new Seating(null, true);
    strict.number(1);
    Seat first = seat();
    strict.attach(attach(first, "a"), 1);
    assertThat(strict.attach(attach(seat(), "b"), 2)).isInstanceOf(Seating.Duplicate.class);
    Seat resuming = seat();
    assertThat(strict.attach(new Peer.Attach(BOB, resuming, "c", "a"), 3))
        .isInstanceOf(Seating.Seated.class);
    strict.away(resuming, 4);
    assertThat(strict.attach(attach(seat(), "d"), 5)).isInstanceOf(Seating.Seated.class);
  }

  @Test
  void ofTwoThatSayTheyAreTheOneTheHigherEpochIs() {
    Seat low = seat();
    Seat high = seat();
    assertThat(seated(seating.claim(low, "a", 10, 1)).isNew()).isTrue();
    Seating.Seated seated = seated(seating.claim(high, "b", 11, 2));
    assertThat(seated.older().session()).isEqualTo(low.session());
    Seat lowest = seat();
    assertThat(seating.claim(lowest, "c", 9, 3))
        .isEqualTo(repeated(new Peer.Yield(high, 11, false)));
    assertThat(seating.isOlderThan(12)).isTrue();
    assertThat(seating.isOlderThan(11)).isFalse();
  }

  @Test
  void whoSaysAgainThatItIsTheOneIsNotItsOwnSuccessor() {
    Seat seat = seat();
    seating.claim(seat, "a", 10, 1);
    Seating.Seated again = seated(seating.claim(seat, "a", 10, 2));
    assertThat(again.isNew()).isFalse();
    assertThat(again.older()).isNull();
  }

  @Test
  void onlyWhoHasTheSeatLeavesItAndIsAway() {
    seating.number(1);
    Seat seat = seat();
    seating.attach(attach(seat, "a"), 1);
    assertThat(seating.leave(seat(), 2)).isFalse();
    seating.away(seat(), 3);
    assertThat(seating.whereabouts(BOB, "q"))
        .isEqualTo(new Peer.Whereabouts(BOB, Presence.ONLINE, 1, "q"));
    seating.away(seat, 4);
    assertThat(seating.whereabouts(BOB, "q"))
        .isEqualTo(new Peer.Whereabouts(BOB, Presence.AWAY, 4, "q"));
    assertThat(seating.leave(seat, 5)).isTrue();
    assertThat(seating.whereabouts(BOB, "q"))
        .isEqualTo(new Peer.Whereabouts(BOB, Presence.OFFLINE, 5, "q"));
    assertThat(seating.resolved(BOB)).isEqualTo(new Peer.Resolved(BOB, null, 0));
  }

  private Seat seat() {
    ActorRef<SessionInput> session = actors.<SessionInput>probe().ref();
    return new Seat(session, 0);
  }

  private static Peer.Attach attach(Seat seat, String sessionId) {
    return new Peer.Attach(BOB, seat, sessionId, "");
  }

  private static Seating.Seated seated(Object outcome) {
    assertThat(outcome).isInstanceOf(Seating.Seated.class);
    return (Seating.Seated) outcome;
  }

  private static Seating.Repeated repeated(Peer.Notice... said) {
    return new Seating.Repeated(List.of(said));
  }
}
