package io.peerhub.peer;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rosters of two nodes while a session moves from the one to the other. */
class MovingRosterTest {
  private static final Identity BOB = new Identity("bob/phone");

  @RegisterExtension final ActorKit actors = new ActorKit();
  private ActorRef<Roster.Command> here;
  private ActorRef<Roster.Command> there;
  private TestProbe<SessionInput> older;

  @BeforeEach
  void start() {
    here = actors.kit().spawn(Roster.create("node-1"));
    there = actors.kit().spawn(Roster.create("node-2"));
    older = actors.probe();
    enter(here, older, 1);
  }

  @Test
  void whoAsksTheNewNodeTooEarlyAndTheOldOneTooLateFindsItAllTheSame() {
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    assertThat(found(there)).isEmpty();
    enter(there, actors.probe(), 2);
    assertThat(found(here)).containsExactly(BOB);
    assertThat(found(there)).containsExactly(BOB);
  }

  @Test
  void whoMovesIsNeitherTheOneNorListed() {
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    TestProbe<Roster.Present> present = actors.probe();
    here.tell(new Roster.Call(BOB, present.ref()));
    assertThat(present.receiveMessage().entry()).isNull();
    TestProbe<Roster.Page> page = actors.probe();
    here.tell(new Roster.Browse("", 10, page.ref()));
    assertThat(page.receiveMessage()).isEqualTo(new Roster.Page("node-1", 0, List.of()));
  }

  @Test
  void anExitEndsIt() {
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    here.tell(new Roster.Exit(BOB, new Seat(older.ref(), 0)));
    assertThat(found(here)).isEmpty();
  }

  @Test
  void aCrashEndsItToo() {
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    older.stop();
    await().until(() -> found(here).isEmpty());
  }

  @Test
  void aSuccessorOnTheSameNodeIsFoundOnceAndOutlivesItsPredecessorsExit() {
    TestProbe<SessionInput> newer = actors.probe();
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    enter(here, newer, 2);
    assertThat(found(here)).containsExactly(BOB);
    here.tell(new Roster.Exit(BOB, new Seat(older.ref(), 0)));
    assertThat(found(here)).containsExactly(BOB);
    here.tell(new Roster.Moving(BOB, new Seat(older.ref(), 0)));
    here.tell(new Roster.Exit(BOB, new Seat(newer.ref(), 0)));
    assertThat(found(here)).isEmpty();
  }

  private void enter(ActorRef<Roster.Command> roster, TestProbe<SessionInput> session, long epoch) {
    Seat seat = new Seat(session.ref(), 0);
    roster.tell(new Roster.Enter(new Roster.Entry(BOB, seat, "s", epoch, 0, "json")));
  }

  private List<Identity> found(ActorRef<Roster.Command> roster) {
    TestProbe<Roster.Found> found = actors.probe();
    roster.tell(new Roster.Find("bob", found.ref()));
    return new ArrayList<>(found.receiveMessage().identities());
  }
}
