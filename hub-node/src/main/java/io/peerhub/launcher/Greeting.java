package io.peerhub.launcher;

import io.peerhub.hub.HubNode;
import io.peerhub.hub.HubSettings;
import java.net.InetSocketAddress;

/** What {@code up} says once peers can connect: where everything is, and how to try it. */
final class Greeting {
  private Greeting() {}

  static String of(HubNode node) {
    HubSettings settings = node.settings();
    InetSocketAddress peers = node.address();
    String text =
        """

        PeerHub is ready.

          peers     %s   JSON lines, binary, WebSocket at /ws
          HTTP      http://%s   the token for /stats and /peers is in %s
          database  %s
          cluster   %s
        """
            .formatted(
                text(peers),
                text(node.httpAddress()),
                settings.data().resolve("admin.token"),
                settings.databaseName(),
                node.clusterAddress());
    return settings.isOpen() ? text + conversation(peers) : text;
  }

  /** Word for word what the README has: a test holds the two together. */
  private static String conversation(InetSocketAddress peers) {
    return """

        To try it, open two more terminals with

          nc %s %d

        and say in the first who you are, in the second the same and then hello:

          {"hello":{"version":1,"peer":"bob","auth":"none"}}

          {"hello":{"version":1,"peer":"alice","auth":"none"}}
          {"send":{"to":"bob","text":"hi","id":"m-1","confirm":"delivered"}}
        """
        .formatted(peers.getHostString(), peers.getPort());
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
