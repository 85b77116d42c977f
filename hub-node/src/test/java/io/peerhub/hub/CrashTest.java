package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Actors that end by an exception: what they held is given back, their peer can come back at once,
 * and nobody else notices.
 */
class CrashTest {
  private static Siege siege;
  private static int crashes;

  @BeforeAll
  static void begin() throws Exception {
    siege = Siege.begin(Map.of());
    crashes = 0;
  }

  @AfterAll
  static void everythingIsGivenBackAndEachCrashIsCounted() throws Exception {
    siege.end(() -> assertThat(siege.meters().sum(Meter.CRASHES)).isEqualTo(crashes));
  }

  private static ActorSystem<?> system() {
    return siege.hub().node().system();
  }

  private static ActorRef<SessionInput> session(String identity) throws Exception {
    return session(siege, identity);
  }

  /** The session actor that sits for this identity. */
  private static ActorRef<SessionInput> session(Siege siege, String identity) throws Exception {
    return AskPattern.<Roster.Command, Roster.Present>ask(
            siege.hub().node().roster(),
            replyTo -> new Roster.Call(new Identity(identity), replyTo),
            PATIENCE,
            siege.hub().node().system().scheduler())
        .toCompletableFuture()
        .join()
        .entry()
        .seat()
        .session();
  }

  /** A message that no session can write, nor queue. */
  private static Mail.Delivery poison(String to) {
    return message(to, null, null);
  }

  private static Mail.Delivery message(String to, Body body, Seat sender) {
    return Deliveries.to(to).from(to).body(body).ttlMs(1000).answeredAt(sender).make();
  }

  /** A message that is forwarded, but whose sender nobody can tell of it. */
  private static Mail.Delivery lastWords(String to) {
    return message(to, Body.text("last words"), new Seat(null, 0));
  }

  private static Peer.Command poisonForPeer() {
    return new Peer.Attach(new Identity("p"), null, "", "");
  }

  private static ActorSelection peer(String identity) {
    String shard = PeerSharding.shardOf(identity, siege.hub().node().settings().shards());
    return Adapter.toClassic(system())
        .actorSelection("/system/sharding/peer/" + shard + "/" + identity);
  }

  private static void talk(TestPeer from, TestPeer to, String identity, String text)
      throws Exception {
    from.tell(identity, text);
    assertThat(to.await(Frame.Message.class).body().asText()).isEqualTo(text);
  }

  private static void awaitPresence(TestPeer asker, String identity, String event) {
    TestHub.eventually(
        () -> {
          asker.say(new Frame.Ask(identity, "", ""));
          return asker.await(Frame.Presence.class).event().equals(event);
        });
  }

  private static void awaitClosed(Resource resource, long before) {
    TestHub.eventually(() -> siege.hub().node().ledger().closedCount(resource) > before);
  }

  private static long closed(Resource resource) {
    return siege.hub().node().ledger().closedCount(resource);
  }

  @Test
  void aSessionThatCrashesGivesItsSocketBackAndItsPeerComesBackAtOnce() throws Exception {
    for (Wire wire : Wire.values()) {
      try (TestPeer writer = siege.peer(Wire.JSON, "writer")) {
        TestPeer victim = siege.peer(wire, "victim");
        talk(writer, victim, "victim", "before");
        long sockets = closed(Resource.SOCKET);
        long sessions = closed(Resource.SESSION);
        session("victim").tell(poison("victim"));
        crashes++;
        victim.awaitEnd();
        awaitClosed(Resource.SOCKET, sockets);
        awaitClosed(Resource.SESSION, sessions);
        try (TestPeer again = siege.peer(wire, "victim")) {
          talk(writer, again, "victim", "after");
          awaitPresence(writer, "victim", "online");
          again.say(new Frame.Bye(""));
        }
        writer.say(new Frame.Bye(""));
      }
    }
    siege.bystanders().goOn();
  }

  @Test
  void whatWaitedInACrashedSessionIsCountedAndTold() throws Exception {
    try (TestPeer writer = siege.peer(Wire.JSON, "writer")) {
      TestPeer victim = TestPeer.connect(siege.address(), Wire.BINARY);
      victim.say(TestPeer.hello("away", "client", null));
      String session = victim.expect(Frame.Welcome.class).session();
      victim.cut();
      awaitPresence(writer, "away", "away");
      writer.say(TestPeer.send("away", "waits", "w1", 1, Confirmation.DELIVERED));
      // What follows it is queued there: so is that one, and nothing is on the way any more.
      writer.say(TestPeer.send("away", "waits too", "w2", 2, Confirmation.ACCEPTED));
      assertThat(writer.expect(Frame.Confirm.class).n()).isEqualTo(2);
      long dropped = siege.meters().sum(Drop.SESSION_OVER);
      session("away").tell(poison("away"));
      crashes++;
      for (int n = 1; n <= 2; n++) {
        Frame.Refuse told = writer.expect(Frame.Refuse.class);
        assertThat(told.n()).isEqualTo(n);
        assertThat(told.code()).isEqualTo(Refusal.OFFLINE.code());
      }
      assertThat(siege.meters().sum(Drop.SESSION_OVER)).isEqualTo(dropped + 2);
      try (TestPeer again = TestPeer.connect(siege.address(), Wire.BINARY)) {
        again.say(TestPeer.hello("away", "client", new Frame.Resume(session, 0)));
        assertThat(again.expect(Frame.Welcome.class).resumed()).isFalse();
        assertThat(again.expect(Frame.Gap.class).count()).as("nobody knows").isZero();
        again.say(new Frame.Bye(""));
      }
      writer.say(new Frame.Bye(""));
    }
  }

  /** The older session goes on forwarding, as long as it takes until it crashes. */
  @Test
  void theCleanUpOfADeadSessionDoesNotTouchItsSuccessor() throws Exception {
    Siege siege = Siege.begin(Map.of("peerhub.session.linger-after-move", "10m"));
    try (TestPeer writer = siege.peer(Wire.JSON, "writer")) {
      TestPeer older = siege.peer(Wire.JSON, "heir");
      ActorRef<SessionInput> dead = session(siege, "heir");
      TestPeer newer = siege.peer(Wire.BINARY, "heir");
      older.awaitEnd();
      dead.tell(lastWords("heir"));
      TestHub.eventually(() -> siege.hub().node().ledger().closedCount(Resource.SESSION) == 1);
      assertThat(session(siege, "heir")).isNotEqualTo(dead);
      awaitPresence(writer, "heir", "online");
      assertThat(newer.expect(Frame.Message.class).body().asText()).isEqualTo("last words");
      talk(writer, newer, "heir", "to the living");
      newer.say(new Frame.Bye(""));
      writer.say(new Frame.Bye(""));
    }
    siege.end(() -> assertThat(siege.meters().sum(Meter.CRASHES)).isEqualTo(1));
  }

  @Test
  void sessionsOutliveTheirPeersActorHoweverItEnds() throws Exception {
    for (Peer.Command end : List.of(new Peer.Stop(), poisonForPeer())) {
      try (TestPeer writer = siege.peer(Wire.WEB_JSON, "writer");
          TestPeer peer = siege.peer(Wire.JSON, "p")) {
        talk(writer, peer, "p", "before");
        long peers = closed(Resource.PEER);
        peer("p").tell(end, org.apache.pekko.actor.ActorRef.noSender());
        crashes += end instanceof Peer.Stop ? 0 : 1;
        awaitClosed(Resource.PEER, peers);
        TestHub.eventually(() -> siege.meters().sum(Meter.CRASHES) >= crashes);
        talk(writer, peer, "p", "after");
        awaitPresence(writer, "p", "online");
        try (TestPeer newer = siege.peer(Wire.BINARY, "p")) {
          assertThat(peer.expect(Frame.Error.class).code()).isEqualTo(Refusal.TAKEN_OVER.code());
          talk(writer, newer, "p", "to the newer");
          newer.say(new Frame.Bye(""));
        }
        awaitPresence(writer, "p", "offline");
        writer.say(new Frame.Bye(""));
      }
    }
    siege.bystanders().goOn();
  }

  @Test
  void aRouterThatCrashesLosesNothingThatIsOnItsWay() throws Exception {
    try (TestPeer writer = siege.peer(Wire.JSON, "writer");
        TestPeer reader = siege.peer(Wire.BINARY, "reader")) {
      for (int round = 0; round < 5; round++) {
        for (int n = 0; n < 200; n++) {
          if (n == 100) {
            Adapter.toClassic(system())
                .actorSelection("/user/router-0")
                .tell("what no router understands", org.apache.pekko.actor.ActorRef.noSender());
            crashes++;
          }
          writer.tell("reader", round + "/" + n);
        }
        for (int n = 0; n < 200; n++) {
          assertThat(reader.expect(Frame.Message.class).body().asText()).isEqualTo(round + "/" + n);
        }
      }
      siege.bystanders().goOn();
      reader.say(new Frame.Bye(""));
      writer.say(new Frame.Bye(""));
    }
  }
}
