package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node that stands still or is dead, and that nobody has given up: its receivers come back on the
 * other node, where the sender and the actors of all of them are.
 */
@ExtendWith(SceneExtension.class)
class LostNodeIT {
  private static final List<String> RECEIVERS =
      IntStream.range(0, 10).mapToObj(i -> "receiver-" + i).toList();
  private static final int MESSAGES = 84;

  private final Map<String, Conversation> receivers = new HashMap<>();
  private final Map<String, String> sessions = new HashMap<>();
  private Scene scene;
  private TestNode first;
  private TestNode lost;
  private Conversation alice;

  /** As long as there is one node, the actor of whoever says hello is there, and there it stays. */
  @BeforeEach
  void start(Scene here) throws Exception {
    scene = here;
    NodeSettings settings =
        NodeSettings.on(scene.database().url())
            .with("pekko.cluster.failure-detector.acceptable-heartbeat-pause", "10m")
            .with("pekko.cluster.sharding.rebalance-interval", "10m")
            .with("peerhub.routing.link.give-up-after", "10m")
            .with("peerhub.routing.link.resend-after", "100ms")
            .with("peerhub.session.resume-window", "10m")
            .with("peerhub.session.live-ttl", "10m")
            .with("peerhub.session.hand-over-timeout", "1s");
    first = node(settings);
    for (String receiver : RECEIVERS) {
      connect(first, receiver, Optional.empty());
      receivers.get(receiver).says(new Frame.Bye(""));
      assertThat(receivers.get(receiver).hears()).isNull();
    }
    lost = node(settings);
    for (String receiver : RECEIVERS) {
      connect(lost, receiver, Optional.empty());
    }
    alice = conversation(first);
    welcomed(alice, "alice", Optional.empty());
  }

  @Test
  void whatWasProcessedIsNotRepeatedByANodeThatStoodStill() throws Exception {
    int n = 0;
    for (int i = 1; i <= MESSAGES; i++) {
      for (String receiver : RECEIVERS) {
        alice.says(send(receiver, "m-" + i, ++n));
      }
    }
    for (String receiver : RECEIVERS) {
      for (int i = 1; i <= MESSAGES; i++) {
        expect(receiver, "m-" + i, false);
      }
    }
    lost.freeze();
    for (String receiver : RECEIVERS) {
      Frame.Welcome welcome = comesBack(first, receiver, processed(receiver));
      assertThat(welcome.resumed()).as("its older session says nothing").isFalse();
      Frame.Gap gap = receivers.get(receiver).hears(Frame.Gap.class);
      assertThat(gap.count()).as("nobody knows how many").isZero();
    }
    lost.thaw();
    Set<Long> delivered = new HashSet<>();
    for (int i = 0; i < RECEIVERS.stream().mapToInt(LostNodeIT::processed).sum(); i++) {
      expectDelivered(delivered);
    }
    expectRest();
    for (String receiver : RECEIVERS) {
      assertThat(comesBack(lost, receiver, 0).resumed()).as(receiver).isTrue();
    }
    expectRest();
    for (String receiver : RECEIVERS) {
      alice.says(send(receiver, "the end", ++n));
      Frame.Message end = receivers.get(receiver).hears(Frame.Message.class);
      assertThat(end.body().asText()).as("nothing else was said").isEqualTo("the end");
      assertThat(end.redelivered()).isFalse();
      receivers.get(receiver).says(new Frame.Ack(end.seq()));
    }
    while (delivered.size() < n) {
      expectDelivered(delivered);
    }
  }

  @Test
  void whatIsSentToTheReceiversOfADeadNodeFollowsThemAndTheRestIsTold() throws Exception {
    int n = 0;
    for (String receiver : RECEIVERS) {
      alice.says(send(receiver, "before", ++n));
      expect(receiver, "before", false);
      receivers.get(receiver).says(new Frame.Ack(1));
    }
    Set<Long> delivered = new HashSet<>();
    while (delivered.size() < n) {
      expectDelivered(delivered);
    }
    lost.kill();
    for (int i = 1; i <= MESSAGES; i++) {
      for (String receiver : RECEIVERS) {
        alice.says(send(receiver, "lost", ++n));
      }
    }
    for (String receiver : RECEIVERS) {
      assertThat(comesBack(first, receiver, 1).resumed()).as(receiver).isFalse();
      Frame.Gap gap = receivers.get(receiver).hears(Frame.Gap.class);
      assertThat(gap.count()).as("nobody knows how many").isZero();
    }
    for (String receiver : RECEIVERS) {
      alice.says(send(receiver, "after", ++n));
      Frame.Gap gap = receivers.get(receiver).hears(Frame.Gap.class);
      assertThat(gap.count()).as("what was on the way").isEqualTo(MESSAGES);
      Frame.Message after = expect(receiver, "after", false);
      receivers.get(receiver).says(new Frame.Ack(after.seq()));
    }
    Set<Long> unknown = new HashSet<>();
    while (delivered.size() + unknown.size() < n) {
      switch (alice.hears(Frame.FromHub.class)) {
        case Frame.Confirm confirm -> addDelivered(delivered, confirm);
        case Frame.Refuse refused -> {
          assertThat(refused.code()).isEqualTo(Refusal.OUTCOME_UNKNOWN.code());
          addNew(unknown, refused.n());
        }
        default -> throw new AssertionError("an outcome was expected");
      }
    }
    assertThat(unknown).as("what was on the way").hasSize(RECEIVERS.size() * MESSAGES);
  }

  private void expectDelivered(Set<Long> delivered) throws Exception {
    addDelivered(delivered, alice.hears(Frame.Confirm.class));
  }

  private static void addDelivered(Set<Long> delivered, Frame.Confirm confirm) {
    assertThat(confirm.status()).isEqualTo(Confirmation.DELIVERED);
    addNew(delivered, confirm.n());
  }

  private static void addNew(Set<Long> outcomes, long n) {
    assertThat(outcomes.add(n)).as("outcome of %d is new", n).isTrue();
  }

  /** What each has not processed comes again, flagged, and nothing else. */
  private void expectRest() throws Exception {
    for (String receiver : RECEIVERS) {
      for (int i = processed(receiver) + 1; i <= MESSAGES; i++) {
        expect(receiver, "m-" + i, true);
      }
    }
  }

  private Frame.Message expect(String receiver, String text, boolean redelivered) throws Exception {
    Frame.Message message = receivers.get(receiver).hears(Frame.Message.class);
    assertThat(message.body().asText()).as(receiver).isEqualTo(text);
    assertThat(message.redelivered()).as("%s: %s", receiver, text).isEqualTo(redelivered);
    return message;
  }

  /** Half of the receivers have processed all that they were sent before their node stood still. */
  private static int processed(String receiver) {
    return RECEIVERS.indexOf(receiver) % 2 == 0 ? MESSAGES : 40;
  }

  /** In the place of a connection before it, whose session it goes on with. */
  private Frame.Welcome comesBack(TestNode node, String receiver, int received) throws Exception {
    receivers.get(receiver).close();
    return connect(node, receiver, Optional.of(new Frame.Resume(sessions.get(receiver), received)));
  }

  private Frame.Welcome connect(TestNode node, String receiver, Optional<Frame.Resume> resume)
      throws Exception {
    Conversation conversation = conversation(node);
    receivers.put(receiver, conversation);
    Frame.Welcome welcome = welcomed(conversation, receiver, resume);
    sessions.put(receiver, welcome.session());
    return welcome;
  }

  /** Nothing is said here of how nodes end, and in order it would take these long. */
  private TestNode node(NodeSettings settings) throws Exception {
    TestNode node = scene.node(settings);
    scene.ending((AutoCloseable) node::kill);
    return node;
  }

  private Conversation conversation(TestNode node) throws Exception {
    return scene.ending(new Conversation(node.address().getPort()));
  }

  private static Frame.Welcome welcomed(
      Conversation conversation, String peer, Optional<Frame.Resume> resume) throws Exception {
    conversation.says(
        new Frame.Hello(
            1, peer, "none", "test", resume, "client", 0, 300_000, List.of(), "", Map.of()));
    return conversation.hears(Frame.Welcome.class);
  }

  private static Frame.Send send(String to, String text, long n) {
    return new Frame.Send(
        to, Body.text(text), "", n, DeliveryClass.LIVE, Confirmation.DELIVERED, 0, "", Map.of());
  }
}
