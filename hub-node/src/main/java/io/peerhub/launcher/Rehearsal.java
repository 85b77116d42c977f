package io.peerhub.launcher;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.PeerHubClient;
import io.peerhub.hub.HubConfig;
import io.peerhub.hub.HubNode;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Starts a node on free ports, passes a few messages on both wires, reads its pages and stops it:
 * the classes and profiles that the JVM meets on the way go into the ahead-of-time cache.
 *
 * <p>Measured on 2 cores: a start costs 1.9 s of processor time with the cache and 7.0 without.
 */
@Command(name = "rehearse", hidden = true, description = "Let the JVM learn the start.")
final class Rehearsal implements Runnable {
  private static final int ENOUGH_MESSAGES = 200;

  @Parameters(paramLabel = "DIR", description = "a data directory to play in")
  private Path data;

  @Override
  public void run() {
    Map<String, Object> settings =
        Map.of(
            "peerhub.data",
            data.toString(),
            "peerhub.connection.port",
            0,
            "peerhub.http.port",
            0,
            "peerhub.session.drain-spread",
            "0 s");
    try (HubNode node = HubNode.start(HubConfig.load(settings))) {
      Greeting.of(node);
      String server = "127.0.0.1:" + node.address().getPort();
      converse(server);
      converse(node.address());
      read(node);
    } catch (Exception failed) {
      throw Failure.failed("the rehearsal failed: " + Failure.line(failed), failed);
    }
  }

  private static void converse(String server) throws Exception {
    CompletableFuture<Void> last = new CompletableFuture<>();
    ClientSettings bob = ClientSettings.builder("bob").server(server).build();
    ClientSettings alice = ClientSettings.builder("alice").server(server).build();
    try (PeerHubClient receiver =
            PeerHubClient.connect(
                bob,
                (client, message) -> {
                  if (message.body().asText().equals("last")) {
                    last.complete(null);
                  }
                });
        PeerHubClient sender = PeerHubClient.connect(alice)) {
      receiver.awaitLive(ClientSettings.Patience.DEFAULT.handshake());
      for (int i = 0; i < ENOUGH_MESSAGES; i++) {
        sender.send("bob", "hello " + i);
      }
      sender.send("bob", "last");
      last.get(10, TimeUnit.SECONDS);
    }
  }

  private static void converse(InetSocketAddress address) throws Exception {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String lines =
          """
          {"hello":{"version":1,"peer":"carol","auth":"none"}}
          {"send":{"to":"carol","json":{"text":"hi"}}}
          {"bye":{}}
          """;
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
      socket.getInputStream().readAllBytes();
    }
  }

  private void read(HubNode node) {
    String http = "127.0.0.1:" + node.httpAddress().getPort();
    String token = data.resolve("admin.token").toString();
    for (String page : new String[] {"peers", "stats"}) {
      Hub.commandLine().execute(page, "--http", http, "--token-file", token);
    }
  }
}
