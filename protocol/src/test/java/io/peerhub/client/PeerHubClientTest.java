package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** A conversation over a connection that holds. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PeerHubClientTest {
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

  private PeerHubClient connect() {
    return connect((client, message) -> handled.add(message));
  }

  private PeerHubClient connect(MessageHandler handler) {
    return PeerHubClient.connect(Clients.settings(hub).build(), handler, log);
  }

  @Test
  void saysHelloAndIsLiveAfterTheWelcome() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.accept();
      Frame.Hello hello = line.expect(Frame.Hello.class);
      assertThat(hello.version()).isEqualTo(1);
      assertThat(hello.peer()).isEqualTo("alice");
      assertThat(hello.auth()).isEqualTo("none");
      assertThat(hello.ack()).isEqualTo("client");
      assertThat(hello.resume()).isEmpty();
      assertThat(client.state()).isInstanceOf(ClientState.Connecting.class);
      line.send(FakeHub.welcome("s1", false, 0));
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      assertThat(log.await(ClientState.Live.class))
          .isEqualTo(new ClientState.Live("n1", "s1", 1, false));
    }
  }

  @Test
  void numbersItsSendsAndCompletesThemByTheirConfirmations() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> accepted = client.send("bob", "one");
      CompletableFuture<Outcome> delivered =
          client.send(Outgoing.live("bob", Body.text("two")).withConfirm(Confirmation.DELIVERED));
      Frame.Send one = line.expect(Frame.Send.class);
      Frame.Send two = line.expect(Frame.Send.class);
      assertThat(List.of(one.n(), two.n())).containsExactly(1L, 2L);
      line.send(
          new Frame.Confirm("", 2, Confirmation.DELIVERED, false),
          new Frame.Confirm("", 1, Confirmation.ACCEPTED, true));
      assertThat(Clients.get(accepted)).isEqualTo(new Outcome.Accepted(true));
      assertThat(Clients.get(delivered)).isEqualTo(new Outcome.Delivered(false));
    }
  }

  @Test
  void completesAnUnconfirmedSendOnceTheHubHasTakenIt() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome().leavesPings();
      CompletableFuture<Outcome> sent =
          client.send(Outgoing.live("bob", Body.EMPTY).withConfirm(Confirmation.NONE));
      line.expect(Frame.Send.class);
      assertThat(sent).isNotDone();
      line.send(new Frame.Pong(line.expect(Frame.Ping.class).t(), Map.of()));
      assertThat(Clients.get(sent)).isEqualTo(new Outcome.Sent());
    }
  }

  @Test
  void failsASendOfWhichTheHubKnowsNothingAsUnconfirmed() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> sent = client.send("bob", "one");
      line.expect(Frame.Send.class);
      Refusal unknown = Refusal.OUTCOME_UNKNOWN;
      line.send(new Frame.Refuse("", 1, "", unknown.code(), unknown.reason(), 0));
      assertThatThrownBy(() -> Clients.get(sent))
          .hasCauseInstanceOf(UnconfirmedException.class)
          .hasMessageContaining(unknown.reason());
    }
  }

  @Test
  void failsARefusedSendWithItsRefusal() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> sent = client.send("bob", "one");
      long n = line.expect(Frame.Send.class).n();
      line.send(new Frame.Refuse("", n, "send", 4001, "too fast", 250));
      assertThatThrownBy(() -> Clients.get(sent))
          .hasCauseInstanceOf(RefusedException.class)
          .satisfies(
              thrown -> {
                RefusedException refusal = (RefusedException) thrown.getCause();
                assertThat(refusal.refusal()).contains(Refusal.TOO_FAST);
                assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(250));
              });
    }
  }

  @Test
  void refusesWhatIsLargerThanTheHubTakesAndKeepsItsConnection() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> tooLarge =
          client.send(Outgoing.live("bob", Body.data(new byte[1 << 20])));
      assertThatThrownBy(() -> Clients.get(tooLarge)).hasMessageContaining("1002");
      client.send("bob", "small");
      assertThat(line.expect(Frame.Send.class).n()).isEqualTo(1);
    }
  }

  @Test
  void handlesMessagesInOrderAndAcknowledgesThemTogether() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      line.send(FakeHub.message(1, "a"), FakeHub.message(2, "b"), FakeHub.message(3, "c"));
      for (String text : List.of("a", "b", "c")) {
        assertThat(Clients.next(handled).body().asText()).isEqualTo(text);
      }
      line.expectAckUpTo(3);
      assertThat(client.stats().received()).isEqualTo(3);
    }
  }

  @Test
  void acknowledgesOnlyAfterTheHandlerHasReturned() throws Exception {
    BlockingQueue<String> permits = new LinkedBlockingQueue<>();
    try (PeerHubClient client = connect((c, message) -> permits.take())) {
      FakeHub.Line line = hub.acceptAndWelcome();
      line.send(FakeHub.message(1, "a"), new Frame.Ping(7, Map.of()));
      Frame.Pong pong = line.expect(Frame.Pong.class);
      assertThat(pong.stats()).containsEntry("unhandled", "1").containsEntry("received", "1");
      permits.add("go");
      line.expectAckUpTo(1);
      assertThat(client.stats().unhandled()).isZero();
    }
  }

  @Test
  void rejectsTheMessageThatItsHandlerThrowsAtAndGoesOn() throws Exception {
    MessageHandler handler =
        (client, message) -> {
          switch (message.body().asText()) {
            case "again" -> throw new IllegalStateException("not now");
            case "never" -> throw new RejectException("broken");
            default -> handled.add(message);
          }
        };
    try (PeerHubClient client = connect(handler)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      line.send(FakeHub.critical(1, "again"));
      assertThat(line.expect(Frame.Reject.class))
          .isEqualTo(new Frame.Reject(1, "IllegalStateException not now", true));
      line.expectAckUpTo(1);
      line.send(FakeHub.critical(2, "never"));
      assertThat(line.expect(Frame.Reject.class)).isEqualTo(new Frame.Reject(2, "broken", false));
      line.expectAckUpTo(2);
      line.send(FakeHub.message(3, "fine"));
      assertThat(Clients.next(handled).seq()).isEqualTo(3);
      assertThat(client.stats().rejected()).isEqualTo(2);
    }
  }

  @Test
  void givesAnAnswerToItsRequestEvenWhileTheHandlerWaitsForIt() throws Exception {
    MessageHandler asking =
        (client, message) ->
            handled.add(Clients.get(client.request("bob", Body.text("?"), Clients.PATIENCE)));
    try (PeerHubClient client = connect(asking)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      line.send(FakeHub.message(1, "go"));
      Frame.Send request = line.expect(Frame.Send.class);
      assertThat(request.ttlMs()).isBetween(1, (int) Clients.PATIENCE.toMillis());
      line.send(FakeHub.message(2, "!", "", request.id()));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("!");
      line.expectAckUpTo(2);
      assertThat(client.stats().lateAnswers()).isZero();
    }
  }

  @Test
  void countsALateAnswerAndGivesItToNobody() throws Exception {
    AtomicLong clock = new AtomicLong();
    try (PeerHubClient client =
        PeerHubClient.connect(
            Clients.settings(hub).build(), (c, message) -> handled.add(message), log, clock::get)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      var answer = client.request("bob", Body.EMPTY, Duration.ofSeconds(10));
      Frame.Send request = line.expect(Frame.Send.class);
      clock.addAndGet(Duration.ofSeconds(10).toNanos());
      assertThatThrownBy(() -> Clients.get(answer)).hasCauseInstanceOf(TimeoutException.class);
      line.send(FakeHub.message(1, "late", "", request.id()));
      line.expectAckUpTo(1);
      assertThat(client.stats().lateAnswers()).isEqualTo(1);
      assertThat(handled).isEmpty();
    }
  }

  @Test
  void failsARequestThatTheHubRefuses() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      var answer = client.request("bob", Body.EMPTY, Clients.PATIENCE);
      Frame.Send request = line.expect(Frame.Send.class);
      line.send(new Frame.Refuse(request.id(), request.n(), "send", 3002, "offline", 0));
      assertThatThrownBy(() -> Clients.get(answer)).hasMessageContaining("3002 offline");
    }
  }

  @Test
  void repliesToTheSenderUnderTheIdOfItsMessage() throws Exception {
    MessageHandler replying = (client, message) -> client.reply(message, Body.text("pong"));
    try (PeerHubClient client = connect(replying)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      line.send(FakeHub.message(1, "ping", "m-1", ""));
      Frame.FromPeer frame = line.next();
      Frame.Send reply = frame instanceof Frame.Send send ? send : line.expect(Frame.Send.class);
      assertThat(reply.to()).isEqualTo("bob");
      assertThat(reply.re()).isEqualTo("m-1");
      assertThat(client.stats().sent()).isEqualTo(1);
    }
  }

  @Test
  void asksForPresenceAndTellsWhatItDidNotAskFor() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      var asked = client.ask("bob", Clients.PATIENCE);
      Frame.Ask ask = line.expect(Frame.Ask.class);
      assertThat(ask.peer()).isEqualTo("bob");
      Frame.Presence answer = presence(ask.id());
      line.send(presence(""), answer);
      assertThat(Clients.get(asked)).isEqualTo(answer);
      assertThat(Clients.next(log.presences)).isEqualTo(presence(""));
    }
  }

  private static Frame.Presence presence(String id) {
    return new Frame.Presence("", "bob", "online", "", List.of(), 5, id);
  }

  @Test
  void tellsReceiptsAndGapsAndAcknowledgesReceipts() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.acceptAndWelcome();
      Frame.Receipt receipt = new Frame.Receipt("o-1", "bob", "expired", 3, "too late", 1);
      line.send(receipt, new Frame.Gap(4, "dropped by a limit"));
      assertThat(Clients.next(log.receipts)).isEqualTo(receipt);
      assertThat(Clients.next(log.gaps).count()).isEqualTo(4);
      line.expectAckUpTo(1);
      assertThat(client.state()).isInstanceOf(ClientState.Live.class);
    }
  }

  @Test
  void readsFramesThatComeByteByByteAndPassesOverKindsItDoesNotKnow() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line line = hub.accept();
      line.expect(Frame.Hello.class);
      line.dribble(FakeHub.welcome("s1", false, 0), FakeHub.message(1, "slow"));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("slow");
      line.expectAckUpTo(1);
      byte[] unknownKind = {3, (byte) 0xfa, 0x07, 0};
      line.sendRaw(unknownKind);
      line.send(FakeHub.message(2, "on"));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("on");
      assertThat(client.stats().connections()).isEqualTo(1);
    }
  }

  @Test
  void survivesAListenerThatThrows() throws Exception {
    ClientListener rude =
        new ClientListener() {
          @Override
          public void onState(ClientState state) {
            throw new IllegalStateException("rude");
          }
        };
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).build(), (c, m) -> {}, rude)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      CompletableFuture<Outcome> sent = client.send("bob", "one");
      line.expect(Frame.Send.class);
      line.send(new Frame.Confirm("", 1, Confirmation.ACCEPTED, false));
      assertThat(Clients.get(sent)).isEqualTo(new Outcome.Accepted(false));
      assertThat(client.stats().listenerFailures()).isEqualTo(1);
    }
  }
}
