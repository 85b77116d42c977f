package io.peerhub.peer;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PeerTest {
  private static final Identity BOB = new Identity("bob");
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofSeconds(60);
  private static final Duration DEPARTURE = Duration.ofSeconds(2);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private final AtomicLong terms = new AtomicLong();
  private CompletableFuture<Long> term;
  private TestProbe<Roster.Command> roster;
  private TestProbe<ClusterSharding.ShardCommand> shard;

  @Test
  void callsTheRostersBeforeItAnswersAnybody() {
    ActorRef<Peer.Command> peer = activate(false);
    TestProbe<SessionInput> session = attach(peer, "s1", "");
    Roster.Call call = roster.expectMessageClass(Roster.Call.class);
    actors.expectNothing(session);
    call.replyTo().tell(new Roster.Present(BOB, "node-1", null));
    assertThat(session.expectMessageClass(Peer.Attached.class).previous()).isNull();
  }

  @Test
  void doesNotWaitForARosterThatIsSilent() {
    ActorRef<Peer.Command> peer = activate(false);
    TestProbe<SessionInput> session = attach(peer, "s1", "");
    roster.expectMessageClass(Roster.Call.class);
    actors.pass(GRACE);
    session.expectMessageClass(Peer.Attached.class);
  }

  @Test
  void findsASessionThatOutlivedItsPeersActor() {
    ActorRef<Peer.Command> peer = activate(false);
    TestProbe<SessionInput> found = actors.probe();
    Seat seat = new Seat(found.ref(), 0);
    answerCall(new Roster.Entry(BOB, seat, "s0", 17, 0, ""));
    found.expectMessageClass(Peer.Reattached.class);
    assertThat(resolve(peer)).isEqualTo(new Peer.Resolved(BOB, seat, 17));
  }

  @Test
  void aSessionThatAsksAgainBehindItsPeersNewActorIsNotItsOwnSuccessor() {
    ActorRef<Peer.Command> peer = activate(false);
    TestProbe<SessionInput> found = actors.probe();
    Seat seat = new Seat(found.ref(), 0);
    peer.tell(new Peer.Attach(BOB, seat, "s0", ""));
    answerCall(new Roster.Entry(BOB, seat, "s0", 17, 0, ""));
    found.expectMessageClass(Peer.Reattached.class);
    found.expectMessageClass(Peer.Reattached.class);
    actors.expectNothing(found);
  }

  @Test
  void theNewerSessionWinsUnderAHigherEpochAndTheOlderIsToldToYield() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> older = attach(peer, "s1", "");
    long epoch = older.expectMessageClass(Peer.Attached.class).epoch();
    TestProbe<SessionInput> newer = attach(peer, "s2", "");
    Peer.Attached attached = newer.expectMessageClass(Peer.Attached.class);
    assertThat(attached.epoch()).isGreaterThan(epoch);
    assertThat(attached.previous().session()).isEqualTo(older.ref());
    assertThat(attached.resumes()).isFalse();
    Peer.Yield yield = older.expectMessageClass(Peer.Yield.class);
    assertThat(yield.to().session()).isEqualTo(newer.ref());
    assertThat(yield.epoch()).isEqualTo(attached.epoch());
    await().until(() -> meters.sum(Meter.TAKEOVERS) == 1);
  }

  @Test
  void anAttachThatIsSaidTwiceIsAnsweredTwiceTheSame() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> session = actors.probe();
    Peer.Attach attach = new Peer.Attach(BOB, new Seat(session.ref(), 0), "s1", "");
    peer.tell(attach);
    peer.tell(attach);
    Peer.Attached first = session.expectMessageClass(Peer.Attached.class);
    assertThat(session.expectMessageClass(Peer.Attached.class)).isEqualTo(first);
    actors.expectNothing(session);
  }

  @Test
  void aSecondSessionIsRefusedWhereThePolicySaysSo() {
    ActorRef<Peer.Command> peer = serving(true);
    attach(peer, "s1", "").expectMessageClass(Peer.Attached.class);
    Peer.Denied denied = attach(peer, "s2", "").expectMessageClass(Peer.Denied.class);
    assertThat(denied.refusal()).isEqualTo(Refusal.ALREADY_CONNECTED);
  }

  @Test
  void aResumeOfOnesOwnSessionIsNeverADuplicate() {
    ActorRef<Peer.Command> peer = serving(true);
    attach(peer, "s1", "").expectMessageClass(Peer.Attached.class);
    Peer.Attached resumed = attach(peer, "s2", "s1").expectMessageClass(Peer.Attached.class);
    assertThat(resumed.resumes()).isTrue();
    assertThat(attach(peer, "s3", "s1").expectMessageClass(Peer.Attached.class).resumes())
        .as("known by the id that it resumed, too")
        .isTrue();
    assertThat(meters.sum(Meter.TAKEOVERS)).isZero();
  }

  @Test
  void whoIsAwayDoesNotKeepTheNextOneOut() {
    ActorRef<Peer.Command> peer = serving(true);
    TestProbe<SessionInput> cut = attach(peer, "s1", "");
    cut.expectMessageClass(Peer.Attached.class);
    peer.tell(new Peer.Away(BOB, new Seat(cut.ref(), 0)));
    assertThat(presence(peer)).isEqualTo(Presence.AWAY);
    attach(peer, "s2", "").expectMessageClass(Peer.Attached.class);
    assertThat(presence(peer)).isEqualTo(Presence.ONLINE);
  }

  @Test
  void aLateGoodbyeDoesNotTouchASuccessor() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> older = attach(peer, "s1", "");
    Seat gone = new Seat(older.ref(), 0);
    TestProbe<SessionInput> newer = attach(peer, "s2", "");
    peer.tell(new Peer.Away(BOB, gone));
    peer.tell(new Peer.Leave(BOB, gone));
    older.stop();
    assertThat(presence(peer)).isEqualTo(Presence.ONLINE);
    assertThat(resolve(peer).seat().session()).isEqualTo(newer.ref());
  }

  @Test
  void leavingAndCrashingBothEndAnAttachment() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> first = attach(peer, "s1", "");
    peer.tell(new Peer.Leave(BOB, new Seat(first.ref(), 0)));
    assertThat(resolve(peer)).isEqualTo(new Peer.Resolved(BOB, null, 0));
    TestProbe<SessionInput> second = attach(peer, "s2", "");
    assertThat(presence(peer)).isEqualTo(Presence.ONLINE);
    second.stop();
    await().untilAsserted(() -> assertOffline(peer));
  }

  @Test
  void whoComesAfterADepartureWaitsUntilAllThatWasSentHasArrived() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> first = attach(peer, "s1", "");
    Seat departing = new Seat(first.ref(), 0);
    peer.tell(new Peer.Depart(BOB, departing));
    TestProbe<SessionInput> second = attach(peer, "s2", "");
    TestProbe<SessionInput> third = attach(peer, "s3", "");
    assertThat(presence(peer)).isEqualTo(Presence.OFFLINE);
    assertThat(resolve(peer)).isEqualTo(new Peer.Resolved(BOB, null, 0));
    peer.tell(new Peer.Departed(BOB, new Seat(third.ref(), 0)));
    actors.expectNothing(second);
    peer.tell(new Peer.Departed(BOB, departing));
    assertThat(second.expectMessageClass(Peer.Attached.class).previous()).isNull();
    third.expectMessageClass(Peer.Attached.class);
    second.expectMessageClass(Peer.Yield.class);
    peer.tell(new Peer.Departed(BOB, departing));
    actors.pass(DEPARTURE);
    assertThat(presence(peer)).isEqualTo(Presence.ONLINE);
    assertThat(meters.sum(Meter.SETTLED_LATE)).isZero();
  }

  @Test
  void aDepartureThatNeverEndsIsWaitedForSoLong() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> first = attach(peer, "s1", "");
    peer.tell(new Peer.Depart(BOB, new Seat(first.ref(), 0)));
    TestProbe<SessionInput> second = attach(peer, "s2", "");
    actors.pass(DEPARTURE.minusMillis(1));
    actors.expectNothing(second);
    actors.pass(Duration.ofMillis(1));
    second.expectMessageClass(Peer.Attached.class);
    assertThat(meters.sum(Meter.SETTLED_LATE)).isEqualTo(1);
  }

  /**
   * It did not hear its answer in time, and asked again; meanwhile its peer came back elsewhere.
   */
  @Test
  void whoHadToYieldIsToldSoAgainAndNeverMadeTheOneAgain() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> superseded = actors.probe();
    Peer.Attach attach = new Peer.Attach(BOB, new Seat(superseded.ref(), 0), "s1", "");
    peer.tell(attach);
    TestProbe<SessionInput> newer = attach(peer, "s2", "");
    Peer.Attached first = superseded.expectMessageClass(Peer.Attached.class);
    Peer.Yield yield = superseded.expectMessageClass(Peer.Yield.class);
    newer.expectMessageClass(Peer.Attached.class);
    peer.tell(attach);
    assertThat(superseded.expectMessageClass(Peer.Attached.class)).isEqualTo(first);
    assertThat(superseded.expectMessageClass(Peer.Yield.class)).isEqualTo(yield);
    assertThat(resolve(peer).seat().session()).isEqualTo(newer.ref());
    peer.tell(new Peer.Leave(BOB, new Seat(newer.ref(), 0)));
    peer.tell(attach);
    superseded.expectMessageClass(Peer.Attached.class);
    assertThat(resolve(peer).seat()).as("the one who yielded is not the one").isNull();
    peer.tell(new Peer.Ask(BOB, newer.ref(), "a"));
    newer.expectMessageClass(Peer.Whereabouts.class);
  }

  @Test
  void aLateDepartureDoesNotHinderASuccessor() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> older = attach(peer, "s1", "");
    TestProbe<SessionInput> newer = attach(peer, "s2", "");
    peer.tell(new Peer.Depart(BOB, new Seat(older.ref(), 0)));
    assertThat(resolve(peer).seat().session()).isEqualTo(newer.ref());
    attach(peer, "s3", "").expectMessageClass(Peer.Attached.class);
  }

  @Test
  void withoutADatabaseItDeniesAndRecoversWithIt() {
    ActorRef<Peer.Command> peer = serving(false);
    term = CompletableFuture.failedFuture(new IllegalStateException("no database"));
    Peer.Denied denied = attach(peer, "s1", "").expectMessageClass(Peer.Denied.class);
    assertThat(denied.refusal()).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(denied.retryAfterMs()).isPositive();
    term = null;
    attach(peer, "s2", "").expectMessageClass(Peer.Attached.class);
  }

  @Test
  void whatComesWhileATermIsTakenWaitsInOrder() {
    ActorRef<Peer.Command> peer = serving(false);
    term = new CompletableFuture<>();
    TestProbe<SessionInput> older = attach(peer, "s1", "");
    TestProbe<SessionInput> newer = attach(peer, "s2", "");
    actors.expectNothing(newer);
    term.complete(3L);
    assertThat(older.expectMessageClass(Peer.Attached.class).epoch()).isEqualTo((3L << 20) + 1);
    older.expectMessageClass(Peer.Yield.class);
    assertThat(newer.expectMessageClass(Peer.Attached.class).epoch()).isEqualTo((3L << 20) + 2);
  }

  @Test
  void ofTwoThatReportThemselvesTheHighestEpochWins() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> older = actors.probe();
    TestProbe<SessionInput> newer = actors.probe();
    peer.tell(new Peer.Reattach(BOB, new Seat(older.ref(), 0), "s1", 5));
    older.expectMessageClass(Peer.Reattached.class);
    peer.tell(new Peer.Reattach(BOB, new Seat(newer.ref(), 0), "s2", 6));
    newer.expectMessageClass(Peer.Reattached.class);
    assertThat(older.expectMessageClass(Peer.Yield.class).epoch()).isEqualTo(6);
    peer.tell(new Peer.Reattach(BOB, new Seat(older.ref(), 0), "s1", 5));
    assertThat(older.expectMessageClass(Peer.Yield.class).to().session()).isEqualTo(newer.ref());
    assertThat(resolve(peer).seat().session()).isEqualTo(newer.ref());
  }

  @Test
  void isKeptForAWhileWithoutASessionAndThenPassivated() {
    ActorRef<Peer.Command> peer = serving(false);
    TestProbe<SessionInput> session = attach(peer, "s1", "");
    session.expectMessageClass(Peer.Attached.class);
    actors.pass(KEPT.multipliedBy(2));
    actors.expectNothing(shard);
    peer.tell(new Peer.Leave(BOB, new Seat(session.ref(), 0)));
    resolve(peer);
    actors.pass(KEPT.minusMillis(1));
    actors.expectNothing(shard);
    actors.pass(Duration.ofMillis(1));
    shard.expectMessageClass(ClusterSharding.Passivate.class);
    assertThat(ledger.live(Resource.PEER)).isEqualTo(1);
    peer.tell(new Peer.Stop());
    actors.probe().expectTerminated(peer);
    assertThat(ledger.live(Resource.PEER)).isZero();
  }

  @Test
  void onlySoManyRequestsWaitWhileItStarts() {
    ActorRef<Peer.Command> peer = activate(false);
    TestProbe<Peer.Resolved> answers = actors.probe();
    for (int i = 0; i < 20; i++) {
      peer.tell(new Peer.Resolve(BOB, answers.ref()));
    }
    answerCall(null);
    assertThat(answers.receiveSeveralMessages(10)).hasSize(10);
    actors.expectNothing(answers);
  }

  private ActorRef<Peer.Command> activate(boolean refuseDuplicates) {
    roster = actors.probe();
    shard = actors.probe();
    PeerCollaborators with =
        new PeerCollaborators(
            new PeerSettings(refuseDuplicates, GRACE, KEPT, DEPARTURE, 10),
            () -> List.of(roster.ref()),
            () -> term == null ? CompletableFuture.completedFuture(terms.incrementAndGet()) : term,
            actors.clock(),
            meters,
            ledger);
    return actors
        .kit()
        .spawn(
            PeerActor.create(BOB, shard.ref(), with), DispatcherSelector.fromConfig(ActorKit.LOOP));
  }

  private ActorRef<Peer.Command> serving(boolean refuseDuplicates) {
    ActorRef<Peer.Command> peer = activate(refuseDuplicates);
    answerCall(null);
    return peer;
  }

  private void answerCall(Roster.Entry entry) {
    Roster.Call call = roster.expectMessageClass(Roster.Call.class);
    call.replyTo().tell(new Roster.Present(BOB, "node-1", entry));
  }

  private TestProbe<SessionInput> attach(ActorRef<Peer.Command> peer, String id, String resume) {
    TestProbe<SessionInput> session = actors.probe();
    peer.tell(new Peer.Attach(BOB, new Seat(session.ref(), 0), id, resume));
    return session;
  }

  private Peer.Resolved resolve(ActorRef<Peer.Command> peer) {
    TestProbe<Peer.Resolved> answer = actors.probe();
    peer.tell(new Peer.Resolve(BOB, answer.ref()));
    return answer.receiveMessage();
  }

  private Presence presence(ActorRef<Peer.Command> peer) {
    TestProbe<SessionInput> answer = actors.probe();
    peer.tell(new Peer.Ask(BOB, answer.ref(), "a"));
    return answer.expectMessageClass(Peer.Whereabouts.class).presence();
  }

  private void assertOffline(ActorRef<Peer.Command> peer) {
    assertThat(presence(peer)).isEqualTo(Presence.OFFLINE);
  }
}
