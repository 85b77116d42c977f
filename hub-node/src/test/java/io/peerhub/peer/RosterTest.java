package io.peerhub.peer;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RosterTest {
  @RegisterExtension final ActorKit actors = new ActorKit();
  private ActorRef<Roster.Command> roster;

  @BeforeEach
  void start() {
    roster =
        actors.kit().spawn(Roster.create("node-1"), DispatcherSelector.fromConfig(ActorKit.LOOP));
  }

  @Test
  void namesWhoSitsHere() {
    Seat seat = enter("bob", 1);
    Roster.Present present = call("bob");
    assertThat(present.node()).isEqualTo("node-1");
    assertThat(present.entry().seat()).isEqualTo(seat);
    assertThat(call("alice").entry()).isNull();
  }

  @Test
  void aLateExitDoesNotRemoveASuccessor() {
    Seat older = enter("bob", 1);
    Seat newer = enter("bob", 2);
    roster.tell(new Roster.Exit(new Identity("bob"), older));
    assertThat(call("bob").entry().seat()).isEqualTo(newer);
    roster.tell(new Roster.Exit(new Identity("bob"), newer));
    assertThat(call("bob").entry()).isNull();
  }

  @Test
  void anOlderSessionDoesNotReplaceANewerOne() {
    Seat newer = enter("bob", 2);
    enter("bob", 1);
    assertThat(call("bob").entry().seat()).isEqualTo(newer);
  }

  @Test
  void whoIsShutOutIsToldWhereItSits() {
    TestProbe<SessionInput> session = actors.probe();
    enter("bob/phone", 1, new Seat(session.ref(), 0));
    TestProbe<SessionInput> other = actors.probe();
    enter("bob", 1, new Seat(other.ref(), 0));
    roster.tell(new Roster.Expel(List.of(new Identity("alice"), new Identity("bob/phone"))));
    session.expectMessageClass(Roster.Expelled.class);
    actors.expectNothing(other);
  }

  @Test
  void aCrashedSessionIsRemoved() {
    TestProbe<SessionInput> session = actors.probe();
    enter("bob", 1, new Seat(session.ref(), 0));
    session.stop();
    await().untilAsserted(() -> assertEmpty("bob"));
  }

  @Test
  void theCrashOfAnOlderSessionDoesNotRemoveItsSuccessor() {
    TestProbe<SessionInput> older = actors.probe();
    enter("bob", 1, new Seat(older.ref(), 0));
    enter("bob", 2);
    TestProbe<SessionInput> witness = actors.probe();
    enter("witness", 1, new Seat(witness.ref(), 0));
    older.stop();
    witness.expectTerminated(older.ref());
    witness.stop();
    await().untilAsserted(() -> assertEmpty("witness"));
    assertThat(call("bob").entry()).isNotNull();
  }

  @Test
  void findsANameAndItsDevicesAndNobodyElse() {
    for (String each : List.of("bob", "bob/phone", "bob/web", "bob-2", "bobby", "bo", "bob.x/y")) {
      enter(each, 1);
    }
    TestProbe<Roster.Found> found = actors.probe();
    roster.tell(new Roster.Find("bob", found.ref()));
    assertThat(found.receiveMessage().identities())
        .extracting(Identity::text)
        .containsExactly("bob", "bob/phone", "bob/web");
  }

  @Test
  void listsInPagesThatFollowEachOther() {
    for (String each : List.of("c", "a", "e", "b", "d")) {
      enter(each, 1);
    }
    assertThat(browse("", 2)).containsExactly("a", "b");
    assertThat(browse("b", 2)).containsExactly("c", "d");
    assertThat(browse("d", 2)).containsExactly("e");
    assertThat(browse("e", 2)).isEmpty();
  }

  private void assertEmpty(String identity) {
    assertThat(call(identity).entry()).isNull();
  }

  private Seat enter(String identity, long epoch) {
    return enter(identity, epoch, new Seat(actors.<SessionInput>probe().ref(), 0));
  }

  private Seat enter(String identity, long epoch, Seat seat) {
    roster.tell(
        new Roster.Enter(
            new Roster.Entry(new Identity(identity), seat, "session-" + epoch, epoch, 0, "json")));
    return seat;
  }

  private Roster.Present call(String identity) {
    TestProbe<Roster.Present> present = actors.probe();
    roster.tell(new Roster.Call(new Identity(identity), present.ref()));
    return present.receiveMessage();
  }

  private List<String> browse(String after, int limit) {
    TestProbe<Roster.Page> page = actors.probe();
    roster.tell(new Roster.Browse(after, limit, page.ref()));
    return page.receiveMessage().entries().stream().map(each -> each.identity().text()).toList();
  }
}
