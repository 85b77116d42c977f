package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a client, from every state: nothing is left of it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClosingTest {
  @TempDir Path directory;
  private final Clients.Log log = new Clients.Log();
  private int dumps;
  private FakeHub hub;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() throws Exception {
    hub.close();
  }

  /** Of a client whose close waits for what is under way as long as it takes. */
  private ClientSettings settings() {
    return Clients.settings(hub).patience(Clients.closing(Clients.PATIENCE)).build();
  }

  /** The client's threads, virtual ones included, by the JVM's own account. */
  private List<String> threads() throws IOException {
    Path dump = directory.resolve("threads-" + dumps++);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
    return Files.readAllLines(dump).stream()
        .filter(line -> line.contains("\"peerhub-alice-"))
        .toList();
  }

  /** A thread that was told to end may have a last step to go when its client has been closed. */
  private void assertNoThreadIsLeft() {
    Clients.until(
        () -> {
          try {
            return threads().isEmpty();
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  @Test
  void saysByeAndLeavesNoThreadAndNoSocket() throws Exception {
    PeerHubClient client = PeerHubClient.connect(settings(), (c, m) -> {}, log);
    FakeHub.Line line = hub.acceptAndWelcome();
    assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
    assertThat(threads()).as("that the count below would see them").hasSizeGreaterThanOrEqualTo(6);
    client.close();
    line.expect(Frame.Bye.class);
    assertThatThrownBy(line::next).isInstanceOf(IOException.class);
    assertNoThreadIsLeft();
    assertThat(log.await(ClientState.Closed.class).cause()).isEmpty();
  }

  @Test
  void waitsForWhatWasSentBeforeItSaysBye() throws Exception {
    PeerHubClient client = PeerHubClient.connect(settings(), (c, m) -> {}, log);
    FakeHub.Line line = hub.acceptAndWelcome();
    assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
    CompletableFuture<Outcome> sent = client.send("bob", "last words");
    Thread closing = Thread.ofVirtual().start(client::close);
    line.expect(Frame.Send.class);
    line.send(new Frame.Confirm("", 1, Confirmation.ACCEPTED, false));
    line.expect(Frame.Bye.class);
    line.close();
    assertThat(closing.join(Clients.PATIENCE)).isTrue();
    assertThat(Clients.get(sent)).isEqualTo(new Outcome.Accepted(false));
    assertNoThreadIsLeft();
  }

  @Test
  void settlesWhatIsStillOpenByWhatIsKnownOfIt() throws Exception {
    CompletableFuture<Outcome> written;
    CompletableFuture<Outcome> waiting;
    ClientSettings.Limits limits = new ClientSettings.Limits(10, Clients.NEVER, 10, 1, 1 << 20, 10);
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).limits(limits).build(), (c, m) -> {}, log)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      written = client.send("bob", "one");
      waiting = client.send("bob", "two");
      line.expect(Frame.Send.class);
    }
    assertThatThrownBy(() -> Clients.get(written)).hasCauseInstanceOf(UnconfirmedException.class);
    assertThatThrownBy(() -> Clients.get(waiting)).hasCauseInstanceOf(ClientClosedException.class);
    assertNoThreadIsLeft();
  }

  @Test
  void closesWhileItDials() throws Exception {
    try (PeerHubClient client = PeerHubClient.connect(settings(), (c, m) -> {}, log)) {
      hub.accept().expect(Frame.Hello.class);
      assertThat(client.state()).isInstanceOf(ClientState.Connecting.class);
    }
    assertNoThreadIsLeft();
  }

  @Test
  void closesWhileItWaitsForTheNextAttempt() throws Exception {
    ClientSettings.Retry retry =
        new ClientSettings.Retry(Duration.ofMinutes(30), Duration.ofHours(1), 0);
    CompletableFuture<Frame.Message> request;
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).retry(retry).build(), (c, m) -> {}, log)) {
      hub.acceptAndWelcome().cut();
      log.await(ClientState.Away.class);
      request = client.request("bob", Body.EMPTY, Duration.ofMinutes(5));
    }
    assertThatThrownBy(() -> Clients.get(request)).hasCauseInstanceOf(ClientClosedException.class);
    assertNoThreadIsLeft();
  }

  @Test
  void aFinalRefusalLeavesNothingEitherAndCloseIsStillHarmless() throws Exception {
    try (PeerHubClient client = PeerHubClient.connect(settings(), (c, m) -> {}, log)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      line.send(new Frame.Error(2009, "taken over"));
      line.expectClosed();
      log.await(ClientState.Closed.class);
    }
    assertNoThreadIsLeft();
  }

  @Test
  void interruptsAHandlerThatDoesNotComeToAnEnd() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    MessageHandler endless =
        (client, message) -> {
          events.add("begun");
          try {
            new CountDownLatch(1).await();
          } finally {
            events.add("ended");
          }
        };
    // Closing waits for the handler as long as it is told to, which is not at all here.
    try (PeerHubClient client =
        PeerHubClient.connect(Clients.settings(hub).build(), endless, log)) {
      hub.acceptAndWelcome().send(FakeHub.message(1, "a"));
      assertThat(Clients.next(events)).isEqualTo("begun");
      assertThat(client.stats().unhandled()).isEqualTo(1);
    }
    assertThat(Clients.next(events)).isEqualTo("ended");
    assertNoThreadIsLeft();
  }

  @Test
  void canBeClosedByItsOwnHandlerAndByItsListener() throws Exception {
    PeerHubClient byHandler =
        PeerHubClient.connect(settings(), (client, message) -> client.close(), log);
    FakeHub.Line line = hub.acceptAndWelcome();
    line.send(FakeHub.message(1, "close"));
    line.expect(Frame.Bye.class);
    line.close();
    assertThat(log.await(ClientState.Closed.class).cause()).isEqualTo(Optional.empty());
    byHandler.close();

    PeerHubClient byListener = PeerHubClient.connect(settings(), (c, m) -> {}, log);
    FakeHub.Line other = hub.acceptAndWelcome();
    CompletableFuture<Void> closed =
        byListener.ask("bob", Clients.PATIENCE).thenAccept(presence -> byListener.close());
    Frame.Ask ask = other.expect(Frame.Ask.class);
    other.send(new Frame.Presence("", "bob", "online", "", List.of(), 0, ask.id()));
    other.expect(Frame.Bye.class);
    other.close();
    Clients.get(closed);
    log.await(ClientState.Closed.class);
    byListener.close();
  }
}
