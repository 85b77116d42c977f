package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that drains: the client is on another one before it leaves this one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GoawayTest {
  private final Clients.Log log = new Clients.Log();
  private final BlockingQueue<Frame.Message> handled = new LinkedBlockingQueue<>();
  private FakeHub draining;
  private FakeHub other;

  @BeforeEach
  void start() throws Exception {
    draining = new FakeHub();
    other = new FakeHub();
  }

  @AfterEach
  void stop() throws Exception {
    draining.close();
    other.close();
  }

  private PeerHubClient connect() {
    return PeerHubClient.connect(
        Clients.settings(draining).build(), (client, message) -> handled.add(message), log);
  }

  private Frame.Goaway goaway(int inMs) {
    return new Frame.Goaway("drain", inMs, List.of(other.address()));
  }

  @Test
  void goesOnElsewhereWithoutAPause() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway(0));
      FakeHub.Line next = other.accept();
      assertThat(next.expect(Frame.Hello.class).resume()).contains(new Frame.Resume("s1", 0));

      // Until the welcome the old connection is the connection.
      CompletableFuture<Outcome> sent = client.send("bob", "one");
      assertThat(old.expect(Frame.Send.class).n()).isEqualTo(1);
      old.send(FakeHub.message(1, "a"));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("a");

      next.send(FakeHub.welcome("s1", true, 1));
      next.send(FakeHub.message(1, "a"), FakeHub.message(2, "b"));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("b");
      old.expectClosed();

      Frame.FromPeer frame = next.next();
      while (frame instanceof Frame.Ack) {
        frame = next.next();
      }
      assertThat(((Frame.Send) frame).n()).as("the answer is asked for again").isEqualTo(1);
      next.send(new Frame.Confirm("", 1, Confirmation.ACCEPTED, true));
      Clients.get(sent);
      assertThat(log.states).hasOnlyElementsOfType(ClientState.Live.class).hasSize(2);
    }
  }

  @Test
  void takesTheTakeoverByItsOwnNewConnectionForWhatItIs() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway(0));
      FakeHub.Line next = other.accept();
      next.expect(Frame.Hello.class);
      old.send(new Frame.Error(2009, "taken over"));
      old.expectClosed();
      next.send(FakeHub.welcome("s1", true, 0));
      log.await(ClientState.Live.class);
      assertThat(log.await(ClientState.Live.class).resumed()).isTrue();
      next.send(FakeHub.message(1, "a"));
      next.expectAckUpTo(1);
      assertThat(client.state()).isInstanceOf(ClientState.Live.class);
      assertThat(log.refusals).isEmpty();
    }
  }

  @Test
  void comesBackWhereItsMoveFailedAfterTheHubTookItForATakeover() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway(0));
      FakeHub.Line next = other.accept();
      next.expect(Frame.Hello.class);
      old.send(new Frame.Error(2009, "taken over"));
      old.expectClosed();
      next.cut();
      draining.acceptAndResume(0);
      log.await(ClientState.Away.class);
      assertThat(log.await(ClientState.Live.class).resumed()).isTrue();
      assertThat(client.stats().connections()).isEqualTo(2);
    }
  }

  @Test
  void goesWhenItsSlotComes() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway(50));
      FakeHub.Line next = other.accept();
      next.expect(Frame.Hello.class);
      next.send(FakeHub.welcome("s1", true, 0));
      old.expectClosed();
      assertThat(client.stats().connections()).isEqualTo(2);
    }
  }

  /** Had it gone before its slot, it would be waiting for a welcome elsewhere when it is cut. */
  @Test
  void waitsForItsSlotAndComesBackAtOnceIfItIsCutBeforeIt() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway((int) Clients.NEVER.toMillis()));
      old.send(FakeHub.message(1, "a"));
      old.expectAckUpTo(1);
      old.cut();
      draining.acceptAndResume(0);
      log.await(ClientState.Away.class);
      log.await(ClientState.Live.class);
      assertThat(client.stats().connections()).isEqualTo(2);
    }
  }

  @Test
  void staysWhileItFindsNoOtherNodeAndGoesOnLooking() throws Exception {
    try (PeerHubClient client = connect()) {
      FakeHub.Line old = draining.acceptAndWelcome();
      old.send(goaway(0));
      FakeHub.Line refusing = other.accept();
      refusing.expect(Frame.Hello.class);
      refusing.send(new Frame.Error(5002, "draining"));
      old.send(FakeHub.message(1, "still here"));
      assertThat(Clients.next(handled).body().asText()).isEqualTo("still here");
      FakeHub.Line again = draining.accept();
      again.expect(Frame.Hello.class);
      again.send(FakeHub.welcome("s1", true, 0));
      old.expectClosed();
      assertThat(client.state()).isInstanceOf(ClientState.Live.class);
    }
  }
}
