package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that break: what is said again, what is not, and what is told. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReconnectTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final Clients.Log log = new Clients.Log();
  private final BlockingQueue<Frame.Message> handled = new LinkedBlockingQueue<>();
  private FakeHub hub;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() throws Exception {
    hub.close();
  }

  private PeerHubClient connect(ClientSettings.Builder settings) {
    return PeerHubClient.connect(settings.build(), (c, message) -> handled.add(message), log);
  }

  private PeerHubClient connect() {
    return connect(Clients.settings(hub));
  }

  /** A client for which no time passes but by this clock. */
  private PeerHubClient connect(ClientSettings.Builder settings, AtomicLong clock) {
    return PeerHubClient.connect(
        settings.build(), (c, message) -> handled.add(message), log, clock::get);
  }

  private static Outgoing unconfirmed(String text) {
    return Outgoing.live("bob", Body.text(text)).withConfirm(Confirmation.NONE);
  }

  @Test
  void sendsAgainWhatTheHubHasNotTakenAndNothingElse() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome().ignoresPings();
      CompletableFuture<Outcome> one = client.send(unconfirmed("one"));
      CompletableFuture<Outcome> two = client.send(unconfirmed("two"));
      CompletableFuture<Outcome> three = client.send(unconfirmed("three"));
      for (int n = 1; n <= 3; n++) {
        assertThat(first.expect(Frame.Send.class).n()).isEqualTo(n);
      }
      first.cut();

      FakeHub.Line second = hub.acceptAndResume(1);
      assertThat(Clients.get(one)).isEqualTo(new Outcome.Sent());
      for (String text : new String[] {"two", "three"}) {
        Frame.Send again = second.expect(Frame.Send.class);
        assertThat(again.body().asText()).isEqualTo(text);
        assertThat(again.n()).isEqualTo(text.equals("two") ? 2 : 3);
      }
      // An answer to a later one tells that these were taken too.
      CompletableFuture<Outcome> four = client.send("bob", "four");
      assertThat(second.expect(Frame.Send.class).n()).isEqualTo(4);
      second.send(new Frame.Confirm("", 4, Confirmation.ACCEPTED, false));
      Clients.get(CompletableFuture.allOf(two, three, four));
    }
  }

  @Test
  void asksAgainForAnAnswerThatTheCutMayHaveSwallowed() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome();
      CompletableFuture<Outcome> sent = client.send("bob", "one");
      Frame.Send original = first.expect(Frame.Send.class);
      first.cut();
      FakeHub.Line second = hub.acceptAndResume(1);
      assertThat(second.expect(Frame.Send.class)).isEqualTo(original);
      second.send(new Frame.Confirm("", 1, Confirmation.ACCEPTED, true));
      assertThat(Clients.get(sent)).isEqualTo(new Outcome.Accepted(true));
    }
  }

  @Test
  void resumesBehindWhatItHasProcessedAndHandlesARepeatOnce() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome();
      first.send(FakeHub.message(1, "a"), FakeHub.message(2, "b"));
      first.expectAckUpTo(2);
      first.cut();
      FakeHub.Line second = hub.accept();
      assertThat(second.expect(Frame.Hello.class).resume()).contains(new Frame.Resume("s1", 2));
      second.send(FakeHub.welcome("s1", true, 0), FakeHub.message(2, "b"), FakeHub.message(3, "c"));
      second.expectAckUpTo(3);
      assertThat(handled).extracting(m -> m.body().asText()).containsExactly("a", "b", "c");
      assertThat(client.stats().repeated()).isEqualTo(1);
    }
  }

  @Test
  void repeatsARejectUntilItIsProvenThatTheHubHasIt() throws Exception {
    MessageHandler failing =
        (client, message) -> {
          throw new RejectException("broken");
        };
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).build(), failing, log)) {
      FakeHub.Line first = hub.acceptAndWelcome().leavesPings();
      first.send(FakeHub.critical(1, "x"));
      Frame.Reject reject = first.expect(Frame.Reject.class);
      first.cut();
      FakeHub.Line second = hub.accept();
      assertThat(second.expect(Frame.Hello.class).resume().orElseThrow().received()).isZero();
      second.send(FakeHub.welcome("s1", true, 0), FakeHub.critical(1, "x"));
      assertThat(second.expect(Frame.Reject.class)).isEqualTo(reject);
      second.expectAckUpTo(1);
      assertThat(client.stats().rejected()).isEqualTo(1);
    }
  }

  @Test
  void inANewSessionTellsTheGapRepeatsWhatIsCriticalAndOnlyThat() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome();
      CompletableFuture<Outcome> live = client.send("bob", "live");
      CompletableFuture<Outcome> critical =
          client.send(Outgoing.critical("bob", Body.text("critical")));
      first.expect(Frame.Send.class);
      String id = first.expect(Frame.Send.class).id();
      assertThat(id).isNotEmpty();
      first.cut();

      FakeHub.Line second = hub.accept();
      second.expect(Frame.Hello.class);
      second.send(FakeHub.welcome("s2", false, 0), new Frame.Gap(0, "session lost"));
      assertThatThrownBy(() -> Clients.get(live)).hasCauseInstanceOf(UnconfirmedException.class);
      Frame.Send again = second.expect(Frame.Send.class);
      assertThat(again.id()).isEqualTo(id);
      assertThat(again.n()).isEqualTo(1);
      assertThat(Clients.next(log.gaps).reason()).isEqualTo("session lost");
      second.send(new Frame.Confirm(id, 1, Confirmation.ACCEPTED, true));
      assertThat(Clients.get(critical)).isEqualTo(new Outcome.Accepted(true));
    }
  }

  @Test
  void tellsAsAGapWhatWasReceivedButNotHandledWhenItsSessionEnds() throws Exception {
    BlockingQueue<String> permits = new LinkedBlockingQueue<>();
    MessageHandler slow =
        (client, message) -> {
          handled.add(message);
          permits.take();
        };
    try (PeerHubClient client = PeerHubClient.connect(Clients.settings(hub).build(), slow, log)) {
      FakeHub.Line first = hub.acceptAndWelcome();
      first.send(FakeHub.message(1, "a"), FakeHub.message(2, "b"), FakeHub.message(3, "c"));
      Clients.next(handled);
      first.send(new Frame.Ping(1, Map.of()));
      assertThat(first.expect(Frame.Pong.class).stats()).containsEntry("unhandled", "3");
      first.cut();
      FakeHub.Line second = hub.accept();
      assertThat(second.expect(Frame.Hello.class).resume())
          .as("the live message that the handler is at must not come again")
          .contains(new Frame.Resume("s1", 1));
      second.send(FakeHub.welcome("s2", false, 0), FakeHub.message(1, "b"));
      assertThat(Clients.next(log.gaps).count()).isEqualTo(2);
      permits.add("go");
      assertThat(Clients.next(handled).body().asText()).isEqualTo("b");
      permits.add("go");
      second.expectAckUpTo(1);
      assertThat(client.stats().unhandled()).isZero();
    }
  }

  @Test
  void keepsWhatIsSentWhileAwayInOrderAndDropsTheOldestLiveOnes() throws Exception {
    ClientSettings.Limits limits =
        new ClientSettings.Limits(2, Clients.NEVER, 10, 100, 1 << 20, 10);
    try (PeerHubClient client = connect(Clients.settings(hub).limits(limits))) {
      CompletableFuture<Outcome> oldest = client.send("bob", "one");
      client.send("bob", "two");
      client.send(Outgoing.critical("bob", Body.text("critical")));
      client.send("bob", "three");
      assertThatThrownBy(() -> Clients.get(oldest)).hasMessageContaining("4006");
      assertThat(log.dropped).extracting(m -> m.body().asText()).containsExactly("one");
      FakeHub.Line line = hub.acceptAndWelcome();
      for (String text : new String[] {"two", "critical", "three"}) {
        assertThat(line.expect(Frame.Send.class).body().asText()).isEqualTo(text);
      }
      assertThat(client.stats().dropped()).isEqualTo(1);
    }
  }

  @Test
  void dropsALiveMessageThatWaitedTooLong() throws Exception {
    ClientSettings.Limits limits =
        new ClientSettings.Limits(10, Duration.ofMillis(1), 10, 100, 1 << 20, 10);
    try (PeerHubClient client = connect(Clients.settings(hub).limits(limits))) {
      CompletableFuture<Outcome> old = client.send("bob", "old");
      CompletableFuture<Outcome> kept = client.send(Outgoing.critical("bob", Body.text("kept")));
      assertThatThrownBy(() -> Clients.get(old)).hasMessageContaining("3003");
      FakeHub.Line line = hub.acceptAndWelcome();
      assertThat(line.expect(Frame.Send.class).body().asText()).isEqualTo("kept");
      assertThat(kept).isNotDone();
    }
  }

  @Test
  void keepsTimeByTheClockThatItIsGiven() throws Exception {
    AtomicLong clock = new AtomicLong();
    try (PeerHubClient client =
        connect(Clients.settings(hub).limits(ClientSettings.Limits.DEFAULT), clock)) {
      CompletableFuture<Outcome> waiting = client.send("bob", "waiting");
      clock.addAndGet(Duration.ofSeconds(31).toNanos());
      assertThatThrownBy(() -> Clients.get(waiting)).hasMessageContaining("3003");
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> unanswered = client.send("bob", "unanswered");
      line.expect(Frame.Send.class);
      // The second one ends in a later look at the clock than the first: what that first look had
      // to say of the message has been told by then.
      for (Duration deadline : List.of(Duration.ofSeconds(58), Duration.ofSeconds(1))) {
        var asked = client.ask("bob", deadline);
        clock.addAndGet(deadline.toNanos());
        assertThatThrownBy(() -> Clients.get(asked)).hasCauseInstanceOf(TimeoutException.class);
      }
      assertThat(unanswered).isNotDone();
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThatThrownBy(() -> Clients.get(unanswered))
          .hasCauseInstanceOf(UnconfirmedException.class);
    }
  }

  @Test
  void leavesAHubThatSendsWithoutWaitingForAcks() throws Exception {
    BlockingQueue<String> permits = new LinkedBlockingQueue<>();
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).build(), (c, message) -> permits.take(), log)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      Frame.Message[] flood = new Frame.Message[10_002];
      for (int i = 0; i < flood.length; i++) {
        flood[i] = FakeHub.message(i + 1, "");
      }
      line.send(flood);
      line.expectClosed();
      assertThat(Clients.next(log.refusals).code()).isEqualTo(4002);
      assertThat(client.stats().unhandled()).isEqualTo(10_001);
    }
  }

  @Test
  void repeatsAnAskThatTheCutMayHaveSwallowed() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome();
      var asked = client.ask("bob", Clients.PATIENCE);
      Frame.Ask ask = first.expect(Frame.Ask.class);
      first.cut();
      FakeHub.Line second = hub.acceptAndResume(0);
      assertThat(second.expect(Frame.Ask.class)).isEqualTo(ask);
      second.send(new Frame.Presence("", "bob", "offline", "", List.of(), 0, ask.id()));
      assertThat(Clients.get(asked).event()).isEqualTo("offline");
    }
  }

  @Test
  void comesBackAfterBytesThatAreNoFrames() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line first = hub.acceptAndWelcome();
      byte[] endlessLength = {-1, -1, -1, -1, -1, -1};
      first.sendRaw(endlessLength);
      first.expectClosed();
      hub.acceptAndResume(0);
      assertThat(log.await(ClientState.Away.class).cause()).isNotNull();
      assertThat(log.await(ClientState.Live.class).resumed()).isTrue();
      assertThat(client.stats().connections()).isEqualTo(2);
    }
  }

  @Test
  void asksASilentHubAndLeavesItAfterTwiceTheHeartbeat() throws Exception {
    AtomicLong clock = new AtomicLong();
    try (PeerHubClient client = connect(Clients.settings(hub), clock)) {
      FakeHub.Line first = acceptWithHeartbeat(client);
      clock.addAndGet(HEARTBEAT.toNanos());
      first.expect(Frame.Ping.class);
      clock.addAndGet(HEARTBEAT.toNanos());
      first.expectClosed();
      assertThat(((RefusedException) log.await(ClientState.Away.class).cause()).code())
          .isEqualTo(1009);
      hub.acceptAndResume(1);
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
    }
  }

  @Test
  void staysWithAHubThatAnswersItsPings() throws Exception {
    AtomicLong clock = new AtomicLong();
    try (PeerHubClient client = connect(Clients.settings(hub), clock)) {
      FakeHub.Line line = acceptWithHeartbeat(client);
      for (int i = 0; i < 5; i++) {
        clock.addAndGet(HEARTBEAT.toNanos());
        answer(line, line.expect(Frame.Ping.class));
      }
      assertThat(client.stats().connections()).isEqualTo(1);
      assertThat(client.state()).isInstanceOf(ClientState.Live.class);
    }
  }

  /**
   * A connection that is quiet from here on, of a client that looks at its clock again and again: a
   * message of it is taken, and not answered.
   */
  private FakeHub.Line acceptWithHeartbeat(PeerHubClient client) throws Exception {
    FakeHub.Line line = hub.accept().leavesPings();
    line.expect(Frame.Hello.class);
    line.send(FakeHub.welcome("s1", false, 0, (int) HEARTBEAT.toMillis(), ""));
    client.send(Outgoing.critical("bob", Body.text("unanswered")));
    line.expect(Frame.Send.class);
    answer(line, line.expect(Frame.Ping.class));
    return line;
  }

  /** Returns when the client has heard it: it answers what comes behind it. */
  private static void answer(FakeHub.Line line, Frame.Ping ping) throws Exception {
    line.send(new Frame.Pong(ping.t(), Map.of()), new Frame.Ping(1, Map.of()));
    line.expect(Frame.Pong.class);
  }

  @Test
  void aSenderWaitsForAHubThatDoesNotTakeAndIsLetGoAtTheEnd() throws Exception {
    ClientSettings.Limits limits = new ClientSettings.Limits(2, Clients.NEVER, 10, 1, 1 << 20, 10);
    BlockingQueue<CompletableFuture<Outcome>> sent = new LinkedBlockingQueue<>();
    Thread sender;
    try (PeerHubClient client = connect(Clients.settings(hub).limits(limits))) {
      FakeHub.Line line = hub.acceptAndWelcome().leavesPings();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      Thread sending =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 5; i++) {
                      sent.add(client.send("bob", "x"));
                    }
                  });
      for (int i = 0; i < 3; i++) {
        Clients.next(sent);
      }
      line.expect(Frame.Send.class);
      Clients.until(() -> sending.getState() == Thread.State.WAITING || !sending.isAlive());
      assertThat(sending.isAlive()).as("one is unanswered, two wait").isTrue();
      assertThat(client.stats().waiting()).isEqualTo(2);
      assertThat(sent).isEmpty();
      line.send(new Frame.Confirm("", 1, Confirmation.ACCEPTED, false));
      Clients.next(sent);
      sender = sending;
    }
    assertThat(sender.join(Clients.PATIENCE)).isTrue();
    assertThat(Clients.next(sent)).isCompletedExceptionally();
    assertThat(log.await(ClientState.Closed.class).cause()).isEqualTo(Optional.empty());
  }
}
