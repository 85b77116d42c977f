package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms whose members sit on two nodes in one JVM. */
class RoomsOnTwoNodesTest {
  private static TestHub first;
  private static TestHub second;

  @BeforeAll
  static void start() throws Exception {
    Map<String, Object> settings = Map.of("peerhub.room.presence-batch", "10ms");
    first = TestHub.start(settings);
    second = first.second(settings);
    TestHub.awaitUp(first, second);
  }

  @AfterAll
  static void stop() {
    try {
      for (TestHub hub : List.of(first, second)) {
        assertThat(hub.node().meters().sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
        assertThat(hub.node().meters().sum(Meter.CRASHES)).isZero();
      }
    } finally {
      second.close();
      first.close();
    }
  }

  private static TestPeer live(TestHub hub, Wire wire, String name) throws Exception {
    return TestPeer.live(hub.address(), wire, name);
  }

  @Test
  void membersOfBothNodesGetOneOrder() throws Exception {
    int each = 200;
    for (int room = 0; room < 4; room++) {
      String name = "both-" + room;
      try (TestPeer a = live(first, Wire.JSON, name + "-a");
          TestPeer b = live(second, Wire.BINARY, name + "-b")) {
        for (TestPeer member : List.of(a, b)) {
          RoomsTest.join(member, new Frame.Join(name, 0, 0, true, ""));
        }
        for (int n = 1; n <= each; n++) {
          a.tell("room:" + name, "" + n);
          b.tell("room:" + name, "" + n);
        }
        List<List<String>> heard = new ArrayList<>();
        for (TestPeer member : List.of(a, b)) {
          List<String> all = new ArrayList<>();
          for (int i = 0; i < 2 * each; i++) {
            Frame.Message message = member.await(Frame.Message.class);
            all.add(message.roomSeq() + " " + message.from() + " " + message.body().asText());
          }
          heard.add(all);
        }
        assertThat(heard.get(0)).isEqualTo(heard.get(1));
      }
    }
  }

  @Test
  void aMessageAsLargeAsAFrameMayBeComesToBothNodes() throws Exception {
    byte[] large = new byte[1_000_000];
    new java.util.Random(7).nextBytes(large);
    for (int room = 0; room < 3; room++) {
      String name = "large-" + room;
      try (TestPeer a = live(first, Wire.BINARY, name + "-a");
          TestPeer b = live(second, Wire.BINARY, name + "-b")) {
        for (TestPeer member : List.of(a, b)) {
          RoomsTest.join(member, RoomsTest.plain(name));
        }
        a.say(send("room:" + name, large));
        assertThat(b.await(Frame.Message.class).body().bytes()).isEqualTo(large);
        b.say(send("room:" + name, large));
        assertThat(a.await(Frame.Message.class).body().bytes()).isEqualTo(large);
      }
    }
  }

  private static Frame.Send send(String to, byte[] body) {
    return new Frame.Send(
        to, Body.data(body), "", 1, DeliveryClass.LIVE, Confirmation.NONE, 0, "", Map.of());
  }

  @Test
  void aMemberThatMovesToTheOtherNodeMissesNothing() throws Exception {
    int messages = 2000;
    try (TestPeer writer = live(first, Wire.BINARY, "roam-w")) {
      TestPeer member = TestPeer.connect(first.address(), Wire.BINARY);
      member.say(TestPeer.hello("roam-m", "client", null));
      String session = member.expect(Frame.Welcome.class).session();
      RoomsTest.join(member, RoomsTest.plain("roam"));
      int written = 0;
      int last = 0;
      long processed = 0;
      int moves = 0;
      while (last < messages) {
        for (int i = 0; i < 20 && written < messages; i++) {
          writer.tell("room:roam", "" + ++written);
        }
        while (last < written) {
          Frame.Message message = member.await(Frame.Message.class);
          assertThat(Integer.parseInt(message.body().asText())).isEqualTo(++last);
          processed = message.seq();
        }
        member.say(new Frame.Ack(processed));
        if (last % 400 == 0 && last < messages) {
          for (int i = 0; i < 50; i++) {
            writer.tell("room:roam", "" + ++written);
          }
          member.cut();
          TestHub to = ++moves % 2 == 0 ? first : second;
          member = TestPeer.connect(to.address(), Wire.BINARY);
          member.say(TestPeer.hello("roam-m", "client", new Frame.Resume(session, processed)));
          assertThat(member.expect(Frame.Welcome.class).resumed()).isTrue();
        }
      }
      assertThat(moves).isPositive();
      member.close();
    }
  }

  @Test
  void whoWasOnANodeThatIsGoneIsInNoRoomAnyMoreAndTheOthersGoOn() throws Exception {
    TestHub third = first.second(Map.of("peerhub.room.presence-batch", "10ms"));
    TestHub.eventually(() -> first.upCount() == 3);
    List<TestPeer> staying = new ArrayList<>();
    List<TestPeer> going = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      staying.add(live(first, Wire.BINARY, "ghost-s" + i));
      going.add(live(third, Wire.BINARY, "ghost-g" + i));
      RoomsTest.join(staying.get(i), new Frame.Join("ghost-" + i, 0, 0, true, ""));
      RoomsTest.join(going.get(i), RoomsTest.plain("ghost-" + i));
    }
    third.close();
    TestHub.eventually(() -> first.upCount() == 2);
    for (int i = 0; i < 8; i++) {
      TestPeer peer = staying.get(i);
      String room = "ghost-" + i;
      long[] n = {0};
      // Rooms that were on the node begin anew elsewhere, with the members that report there.
      TestHub.eventually(
          () -> {
            peer.say(new Frame.Ask("", room, "q" + ++n[0]));
            return lists(peer, "q" + n[0], "ghost-s" + room.substring(6));
          });
      peer.tell("room:" + room, "still here");
      assertThat(peer.await(Frame.Message.class).body().asText()).isEqualTo("still here");
      peer.close();
      going.get(i).close();
    }
  }

  private static boolean lists(TestPeer peer, String id, String only) throws Exception {
    while (true) {
      Frame.Presence presence = peer.await(Frame.Presence.class);
      if (presence.id().equals(id)) {
        return presence.members().stream().map(Frame.Member::peer).toList().equals(List.of(only));
      }
    }
  }
}
