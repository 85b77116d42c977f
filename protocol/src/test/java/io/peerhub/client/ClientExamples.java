package io.peerhub.client;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The examples of the documentation: they compile, and a test runs the first. */
final class ClientExamples {
  private ClientExamples() {}

  static String conversation(String address) throws InterruptedException, ExecutionException {
    // @start region="conversation"
    ClientSettings settings = ClientSettings.builder("alice").server(address).build();
    MessageHandler handler =
        (client, message) -> client.reply(message, Body.text("hello, " + message.from()));

    try (PeerHubClient alice = PeerHubClient.connect(settings, handler)) {
      alice.send("bob", "hi").thenAccept(outcome -> System.out.println("bob: " + outcome));
      Frame.Message answer =
          alice.request("bob", Body.text("how are you?"), Duration.ofMinutes(1)).get();
      return answer.body().asText();
    }
    // @end
  }

  static ClientSettings settings(byte[] key) {
    // @start region="settings"
    ClientSettings settings =
        ClientSettings.builder("billing/eu-1")
            .server("hub-1.example.org")
            .server("hub-2.example.org:37888")
            .credentials(Credentials.hmac(key))
            .heartbeat(Duration.ofSeconds(10))
            .build();
    // @end
    return settings;
  }

  static CompletableFuture<Outcome> critical(PeerHubClient client) {
    // @start region="outgoing"
    Outgoing order =
        Outgoing.critical("service:billing", Body.json("{\"order\":4711}"))
            .withId("order-4711")
            .withConfirm(Confirmation.DELIVERED)
            .withTtl(Duration.ofHours(1));
    CompletableFuture<Outcome> committed = client.send(order);
    // @end
    return committed;
  }
}
