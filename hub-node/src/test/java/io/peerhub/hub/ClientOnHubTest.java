package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.ClientState;
import io.peerhub.client.Credentials;
import io.peerhub.client.Outcome;
import io.peerhub.client.Outgoing;
import io.peerhub.client.PeerHubClient;
import io.peerhub.client.RefusedException;
import io.peerhub.client.UnconfirmedException;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against the real hub: the two halves of the conversation meet. */
class ClientOnHubTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static ClientSettings.Builder settings(String identity, TestHub... hubs) {
    ClientSettings.Builder builder =
        ClientSettings.builder(identity)
            .retry(new ClientSettings.Retry(Duration.ofMillis(20), Duration.ofMillis(200), 0));
    for (TestHub each : hubs) {
      InetSocketAddress address = each.address();
      builder.server(address.getAddress().getHostAddress() + ":" + address.getPort());
    }
    return builder;
  }

  private static PeerHubClient live(PeerHubClient client) throws InterruptedException {
    assertThat(client.awaitLive(PATIENCE)).isTrue();
    return client;
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void sendsAreConfirmedAndRefusalsAreTyped() throws Exception {
    try (PeerHubClient a = live(PeerHubClient.connect(settings("cl-a", hub).build()));
        PeerHubClient b = live(PeerHubClient.connect(settings("cl-b", hub).build()))) {
      assertThat(b.stats()).isNotNull();
      Outgoing message = Outgoing.live("cl-b", Body.text("hi"));
      assertThat(get(a.send(message.withConfirm(Confirmation.ACCEPTED))))
          .isEqualTo(new Outcome.Accepted(false));
      assertThat(get(a.send(message.withConfirm(Confirmation.DELIVERED))))
          .isEqualTo(new Outcome.Delivered(false));
      CompletableFuture<Outcome> nobody =
          a.send(Outgoing.live("cl-nobody", Body.text("hi")).withConfirm(Confirmation.ACCEPTED));
      assertThatThrownBy(() -> get(nobody))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.refusal()).contains(Refusal.OFFLINE));
    }
  }

  @Test
  void aRequestIsAnsweredByTheOtherClient() throws Exception {
    try (PeerHubClient asker = live(PeerHubClient.connect(settings("cl-ask", hub).build()));
        PeerHubClient answerer =
            live(
                PeerHubClient.connect(
                    settings("cl-answer", hub).build(),
                    (client, message) ->
                        client.reply(message, Body.text("re " + message.body().asText()))))) {
      for (int i = 0; i < 100; i++) {
        Frame.Message answer = get(asker.request("cl-answer", Body.text("q" + i), PATIENCE));
        assertThat(answer.body().asText()).isEqualTo("re q" + i);
      }
      assertThat(get(asker.ask("cl-answer", PATIENCE)).event()).isEqualTo("online");
      assertThat(answerer.state()).isInstanceOf(ClientState.Live.class);
    }
  }

  @Test
  void afterATakeoverTheOlderClientEndsAndSaysWhy() throws Exception {
    try (PeerHubClient older = live(PeerHubClient.connect(settings("cl-twin", hub).build()));
        PeerHubClient newer = live(PeerHubClient.connect(settings("cl-twin", hub).build()))) {
      TestHub.eventually(() -> older.state() instanceof ClientState.Closed);
      assertThat(newer.state()).isInstanceOf(ClientState.Live.class);
    }
  }

  @Test
  void provesItselfByAKeyAndTheHubProvesItselfToo(@TempDir Path folder) throws Exception {
    String key = "0123456789abcdef0123456789abcdef";
    Path keys = folder.resolve("keys");
    Files.createFile(
        keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(keys, "keyed-a " + key + "\nkeyed-b hex:" + "ab".repeat(32) + "\n");
    try (TestHub strict =
        TestHub.start(
            Map.of(
                "peerhub.identity.auth", "hmac", "peerhub.identity.keys-file", keys.toString()))) {
      try (PeerHubClient a =
              live(
                  PeerHubClient.connect(
                      settings("keyed-a", strict)
                          .credentials(Credentials.hmac(key.getBytes()))
                          .build()));
          PeerHubClient wrong =
              PeerHubClient.connect(
                  settings("keyed-b", strict)
                      .credentials(Credentials.hmac(key.getBytes()))
                      .build())) {
        TestHub.eventually(
            () ->
                wrong.state() instanceof ClientState.Connecting connecting
                    && connecting.toString().contains("2001"));
        CompletableFuture<Outcome> stranger =
            a.send(Outgoing.live("keyed-c", Body.text("?")).withConfirm(Confirmation.ACCEPTED));
        assertThatThrownBy(() -> get(stranger))
            .cause()
            .isInstanceOfSatisfying(
                RefusedException.class,
                refused -> assertThat(refused.refusal()).contains(Refusal.UNKNOWN_PEER));
      }
    }
  }

  @Test
  void nothingIsLostDoubledOrTurnedAroundWhileANodeGoesAndClientsFollow() throws Exception {
    TestHub second = hub.second(Map.of("peerhub.session.drain-spread", "100ms"));
    int messages = 3000;
    Queue<String> received = new ConcurrentLinkedQueue<>();
    try (PeerHubClient writer = live(PeerHubClient.connect(settings("cl-writer", hub).build()));
        PeerHubClient reader =
            live(
                PeerHubClient.connect(
                    settings("cl-reader", second, hub).build(),
                    (client, message) -> received.add(message.body().asText())))) {
      assertThat(reader.state()).isInstanceOf(ClientState.Live.class);
      List<CompletableFuture<Outcome>> sends = new ArrayList<>();
      Thread closing = null;
      for (int i = 0; i < messages; i++) {
        sends.add(
            writer.send(
                Outgoing.live("cl-reader", Body.text("m" + i))
                    .withConfirm(Confirmation.DELIVERED)));
        if (i == 500) {
          closing = Thread.startVirtualThread(second::close);
        }
        if (i % 100 == 99) {
          // No more on the way than may wait for one peer.
          get(sends.get(i - 50).exceptionally(failed -> null));
        }
      }
      assertThat(closing.join(PATIENCE)).isTrue();
      List<String> all = new ArrayList<>(received);
      List<String> ordered = new ArrayList<>(all);
      ordered.sort(java.util.Comparator.comparingInt(text -> Integer.parseInt(text.substring(1))));
      assertThat(all).doesNotHaveDuplicates().isEqualTo(ordered);
      for (int i = 0; i < messages; i++) {
        Throwable told = get(sends.get(i).handle((outcome, failed) -> failed));
        boolean delivered = all.contains("m" + i);
        // Only where nobody knows may it be both.
        assertThat(delivered || told != null).as("delivered, or told: %d", i).isTrue();
        if (delivered && told != null) {
          Throwable why = told instanceof CompletionException ? told.getCause() : told;
          assertThat(why).isInstanceOf(UnconfirmedException.class);
        }
      }
      TestPeer probe = TestPeer.live(hub.address(), Wire.JSON, "cl-probe");
      probe.tell("cl-reader", "m" + messages);
      TestHub.eventually(() -> received.contains("m" + messages));
      probe.close();
    }
  }

  @Test
  void closedClientsLeaveNothingOnTheHub() throws Exception {
    try (TestHub own = TestHub.start()) {
      for (int i = 0; i < 10; i++) {
        live(PeerHubClient.connect(settings("cl-gone-" + i, own).build())).close();
      }
      TestHub.eventually(() -> own.live(Resource.SESSION) == 0 && own.live(Resource.SOCKET) == 0);
    }
  }
}
