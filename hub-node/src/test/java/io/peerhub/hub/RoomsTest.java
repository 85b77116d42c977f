package io.peerhub.hub;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms on one node of two loops, on every wire. */
class RoomsTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub =
        TestHub.start(
            Map.of(
                "peerhub.connection.loops",
                2,
                "peerhub.room.max-per-peer",
                5,
                "peerhub.room.vacant-for",
                "200ms",
                "peerhub.room.presence-batch",
                "10ms",
                "peerhub.room.rules",
                List.of(Map.of("match", "short.*", "history-count", 3, "max-members", 2))));
  }

  @AfterAll
  static void stop() {
    try {
      assertThat(hub.node().meters().sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
      assertThat(hub.node().meters().sum(Meter.CRASHES)).isZero();
    } finally {
      hub.close();
    }
  }

  private static TestPeer live(Wire wire, String name) throws Exception {
    return TestPeer.live(hub.address(), wire, name);
  }

  /** Joins, and waits until it is in; returns the first list of members. */
  static Frame.Presence join(TestPeer peer, Frame.Join join) throws Exception {
    peer.say(join);
    while (true) {
      Frame.Presence presence = peer.await(Frame.Presence.class);
      if (presence.event().equals("members")) {
        return presence;
      }
    }
  }

  static Frame.Join plain(String room) {
    return new Frame.Join(room, 0, 0, false, "");
  }

  private static Frame.Presence awaitEvent(TestPeer peer, String event, String who)
      throws Exception {
    while (true) {
      Frame.Presence presence = peer.await(Frame.Presence.class);
      boolean ofHim =
          presence.peer().equals(who)
              || presence.members().stream().anyMatch(member -> member.peer().equals(who));
      if (presence.event().equals(event) && ofHim) {
        return presence;
      }
    }
  }

  private static int refused(TestPeer peer, Frame frame) throws Exception {
    peer.say(frame);
    return peer.await(Frame.Refuse.class).code();
  }

  @Test
  void everyMemberOnEveryWireGetsOneOrder() throws Exception {
    int each = 100;
    Map<Wire, TestPeer> members = new EnumMap<>(Wire.class);
    for (Wire wire : Wire.values()) {
      members.put(wire, live(wire, "order-" + wire));
      join(members.get(wire), new Frame.Join("order", 0, 0, true, ""));
    }
    for (int n = 1; n <= each; n++) {
      for (TestPeer member : members.values()) {
        member.tell("room:order", "m" + n);
      }
    }
    List<String> order = null;
    for (TestPeer member : members.values()) {
      List<String> heard = new ArrayList<>();
      long last = 0;
      for (int i = 0; i < each * members.size(); i++) {
        Frame.Message message = member.await(Frame.Message.class);
        assertThat(message.to()).isEqualTo("room:order");
        assertThat(message.roomSeq()).isEqualTo(last == 0 ? message.roomSeq() : last + 1);
        assertThat(message.seq()).isEqualTo(i + 1);
        last = message.roomSeq();
        heard.add(message.from() + " " + message.body().asText());
      }
      if (order != null) {
        assertThat(heard).isEqualTo(order);
      }
      order = heard;
    }
    for (TestPeer member : members.values()) {
      member.close();
    }
  }

  @Test
  void ownMessagesComeBackOnlyWhereThatIsAsked() throws Exception {
    try (TestPeer plain = live(Wire.JSON, "echo-no");
        TestPeer echo = live(Wire.BINARY, "echo-yes")) {
      join(plain, plain("echo"));
      join(echo, new Frame.Join("echo", 0, 0, true, ""));
      plain.tell("room:echo", "from plain");
      echo.tell("room:echo", "from echo");
      List<String> heard = new ArrayList<>();
      heard.add(echo.await(Frame.Message.class).body().asText());
      heard.add(echo.await(Frame.Message.class).body().asText());
      assertThat(heard).containsExactlyInAnyOrder("from plain", "from echo");
      assertThat(plain.await(Frame.Message.class).body().asText()).isEqualTo("from echo");
    }
  }

  @Test
  void aSenderNeedNotBeAMemberAndIsToldThatTheRoomHasTaken() throws Exception {
    try (TestPeer member = live(Wire.BINARY, "outside-member");
        TestPeer sender = live(Wire.JSON, "outside-sender")) {
      join(member, plain("outside"));
      sender.say(TestPeer.send("room:outside", "hi", "id-1", 1, Confirmation.ACCEPTED));
      Frame.Confirm confirm = sender.await(Frame.Confirm.class);
      assertThat(confirm.n()).isEqualTo(1);
      assertThat(confirm.status()).isEqualTo(Confirmation.ACCEPTED);
      Frame.Message message = member.await(Frame.Message.class);
      assertThat(message.from()).isEqualTo("outside-sender");
      assertThat(message.id()).isEqualTo("id-1");
    }
  }

  @Test
  void historyAndLiveFollowEachOtherWithoutHoleOrDouble() throws Exception {
    int messages = 2000;
    try (TestPeer first = live(Wire.BINARY, "history-1");
        TestPeer writer = live(Wire.BINARY, "history-w");
        TestPeer late = live(Wire.JSON, "history-2")) {
      join(first, plain("history"));
      for (int n = 1; n <= messages; n++) {
        writer.tell("room:history", "" + n);
        if (n == messages / 2) {
          late.say(new Frame.Join("history", 20, 0, false, ""));
        }
      }
      int last = 0;
      while (last < messages) {
        int number = Integer.parseInt(late.await(Frame.Message.class).body().asText());
        assertThat(number).isEqualTo(last == 0 ? number : last + 1);
        last = number;
      }
    }
  }

  @Test
  void whatCameSinceANumberIsGivenAndWhatIsForgottenIsTold() throws Exception {
    try (TestPeer first = live(Wire.BINARY, "since-1");
        TestPeer writer = live(Wire.BINARY, "since-w");
        TestPeer late = live(Wire.JSON, "since-2")) {
      join(first, plain("since"));
      writer.tell("room:since", "1");
      long seq = first.await(Frame.Message.class).roomSeq();
      writer.tell("room:since", "2");
      writer.tell("room:since", "3");
      first.await(Frame.Message.class);
      first.await(Frame.Message.class);
      join(late, new Frame.Join("since", 0, seq, false, "j"));
      assertThat(late.expect(Frame.Message.class).body().asText()).isEqualTo("2");
      assertThat(late.expect(Frame.Message.class).roomSeq()).isEqualTo(seq + 2);
      late.say(new Frame.Leave("since", "bye"));
      assertThat(late.await(Frame.Done.class).id()).isEqualTo("bye");
      // A number of a room that there was before: what is missing is not known.
      join(late, new Frame.Join("since", 0, 1, false, ""));
      assertThat(late.await(Frame.Gap.class).count()).isZero();
    }
  }

  @Test
  void comingAndGoingIsToldWithItsReason() throws Exception {
    try (TestPeer watcher = live(Wire.JSON, "there-w")) {
      assertThat(join(watcher, plain("there")).members())
          .extracting(Frame.Member::peer)
          .containsExactly("there-w");
      TestPeer guest = TestPeer.connect(hub.address(), Wire.BINARY);
      guest.say(TestPeer.hello("there-g", "client", null));
      Frame.Welcome welcome = guest.expect(Frame.Welcome.class);
      assertThat(join(guest, new Frame.Join("there", 0, 0, false, "j-1")).id()).isEqualTo("j-1");
      awaitEvent(watcher, "enter", "there-g");
      guest.cut();
      awaitEvent(watcher, "away", "there-g");
      TestPeer back = TestPeer.connect(hub.address(), Wire.JSON);
      back.say(TestPeer.hello("there-g", "client", new Frame.Resume(welcome.session(), 0)));
      assertThat(back.expect(Frame.Welcome.class).resumed()).isTrue();
      awaitEvent(watcher, "back", "there-g");
      assertThat(back.await(Frame.Presence.class).event()).isEqualTo("members");
      try (TestPeer newer = live(Wire.BINARY, "there-g")) {
        assertThat(awaitEvent(watcher, "leave", "there-g").reason()).isEqualTo("taken over");
        join(newer, plain("there"));
        awaitEvent(watcher, "enter", "there-g");
        newer.say(new Frame.Bye(""));
        assertThat(awaitEvent(watcher, "leave", "there-g").reason()).isEqualTo("left");
      }
      back.close();
    }
  }

  @Test
  void whoIsThereIsToldToWhoAsksFromOutside() throws Exception {
    try (TestPeer member = live(Wire.JSON, "asked-m");
        TestPeer outside = live(Wire.BINARY, "asked-o")) {
      join(member, plain("asked"));
      outside.say(new Frame.Ask("", "asked", "q"));
      Frame.Presence answer = outside.await(Frame.Presence.class);
      assertThat(answer.id()).isEqualTo("q");
      assertThat(answer.members()).extracting(Frame.Member::peer).containsExactly("asked-m");
    }
  }

  @Test
  void aSessionThatIsResumedGoesOnInItsRoomWithoutHoleOrDouble() throws Exception {
    int messages = 3000;
    try (TestPeer writer = live(Wire.BINARY, "resume-w")) {
      TestPeer member = TestPeer.connect(hub.address(), Wire.BINARY);
      member.say(TestPeer.hello("resume-m", "client", null));
      String session = member.expect(Frame.Welcome.class).session();
      join(member, plain("resume"));
      int written = 0;
      long processed = 0;
      int last = 0;
      long roomSeq = 0;
      while (last < messages) {
        for (int i = 0; i < 20 && written < messages; i++) {
          writer.tell("room:resume", "" + ++written);
        }
        while (last < written) {
          Frame.Message message = member.await(Frame.Message.class);
          assertThat(Integer.parseInt(message.body().asText())).isEqualTo(++last);
          assertThat(message.roomSeq()).isEqualTo(roomSeq == 0 ? message.roomSeq() : roomSeq + 1);
          roomSeq = message.roomSeq();
          processed = message.seq();
        }
        member.say(new Frame.Ack(processed));
        if (last % 500 == 0) {
          for (int i = 0; i < 50 && written < messages; i++) {
            writer.tell("room:resume", "" + ++written);
          }
          member.cut();
          member = TestPeer.connect(hub.address(), last % 1000 == 0 ? Wire.BINARY : Wire.JSON);
          member.say(TestPeer.hello("resume-m", "client", new Frame.Resume(session, processed)));
          assertThat(member.expect(Frame.Welcome.class).resumed()).isTrue();
        }
      }
      member.close();
    }
  }

  @Test
  void aMemberThatDoesNotReadHoldsNobodyUpAndGetsItsGap() throws Exception {
    int messages = 2600;
    try (TestPeer slow = TestPeer.connect(hub.address(), Wire.BINARY);
        TestPeer quick = live(Wire.BINARY, "slow-q");
        TestPeer writer = live(Wire.BINARY, "slow-w")) {
      // It acknowledges nothing, so that all but its window waits for it.
      slow.say(TestPeer.hello("slow-s", "client", null, 1, 0));
      slow.expect(Frame.Welcome.class);
      join(slow, plain("slow"));
      join(quick, plain("slow"));
      for (int n = 1; n <= messages; n++) {
        writer.tell("room:slow", "" + n);
        assertThat(quick.await(Frame.Message.class).body().asText()).isEqualTo("" + n);
      }
      Frame.Message first = slow.await(Frame.Message.class);
      assertThat(first.body().asText()).isEqualTo("1");
      slow.say(new Frame.Ack(first.seq()));
      assertThat(slow.await(Frame.Gap.class).count()).isEqualTo(messages - 1 - 2000);
      Frame.Message next = slow.await(Frame.Message.class);
      assertThat(Integer.parseInt(next.body().asText())).isEqualTo(messages - 2000 + 1);
    }
  }

  @Test
  void badInputIsRefusedWithItsCode() throws Exception {
    try (TestPeer peer = live(Wire.JSON, "bad-1");
        TestPeer second = live(Wire.JSON, "bad-2");
        TestPeer third = live(Wire.JSON, "bad-3")) {
      assertThat(refused(peer, plain("no/slash"))).isEqualTo(Refusal.BAD_NAME.code());
      assertThat(refused(peer, new Frame.Leave("never", ""))).isEqualTo(Refusal.WRONG_PHASE.code());
      assertThat(refused(peer, new Frame.Join("short.1", 4, 0, false, "")))
          .isEqualTo(Refusal.TOO_MANY.code());
      assertThat(refused(peer, new Frame.Join("bad", 0, Frame.NUMBER_END - 1, false, "f")))
          .isEqualTo(Refusal.OUT_OF_SEQUENCE.code());
      join(peer, new Frame.Join("short.1", 3, 0, false, ""));
      assertThat(refused(peer, plain("short.1"))).isEqualTo(Refusal.WRONG_PHASE.code());
      join(second, plain("short.1"));
      assertThat(refused(third, plain("short.1"))).isEqualTo(Refusal.TOO_MANY.code());
      for (int i = 2; i <= 5; i++) {
        join(peer, plain("bad-" + i));
      }
      assertThat(refused(peer, plain("bad-6"))).isEqualTo(Refusal.TOO_MANY.code());
      peer.say(
          new Frame.Send(
              "room:bad",
              Body.text("x"),
              "",
              1,
              DeliveryClass.CRITICAL,
              Confirmation.ACCEPTED,
              0,
              "",
              Map.of()));
      assertThat(peer.await(Frame.Refuse.class).code()).isEqualTo(Refusal.WRONG_ADDRESS.code());
      assertThat(refused(peer, new Frame.Ask("", "a b", "q"))).isEqualTo(Refusal.BAD_NAME.code());
    }
  }

  @Test
  void aRoomThatNobodyNeedsVanishes() throws Exception {
    try (TestPeer sender = live(Wire.JSON, "vain")) {
      long before = hub.node().ledger().openedCount(Resource.ROOM);
      long closed = hub.node().ledger().closedCount(Resource.ROOM);
      for (int i = 1; i <= 20; i++) {
        sender.say(TestPeer.send("room:vain-" + i, "x", "", i, Confirmation.ACCEPTED));
        assertThat(sender.await(Frame.Confirm.class).n()).isEqualTo(i);
      }
      assertThat(hub.node().ledger().openedCount(Resource.ROOM))
          .isGreaterThanOrEqualTo(before + 20);
      await().until(() -> hub.node().ledger().closedCount(Resource.ROOM) >= closed + 20);
    }
  }
}
