package io.peerhub.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which server to try next: those of the settings in order of priority, then those that the hub
 * told of, round and round. After a good connection it begins at the top again.
 */
final class ServerRing {
  /** The most servers of the hub's telling that are remembered. */
  private static final int LEARNED_MAX = 64;

  private final List<ServerAddress> configured;
  private List<ServerAddress> servers;
  private int next;

  ServerRing(List<ServerAddress> configured) {
    this.configured = configured;
    this.servers = configured;
  }

  ServerAddress next() {
    ServerAddress server = servers.get(next % servers.size());
    next = (next + 1) % servers.size();
    return server;
  }

  /** Begins at the top. */
  void restart() {
    next = 0;
  }

  /** Takes the nodes of a {@code welcome}, in place of those of an earlier one. */
  void learn(List<String> nodes) {
    Set<ServerAddress> all = new LinkedHashSet<>(configured);
    all.addAll(parse(nodes));
    servers = List.copyOf(all);
    next %= servers.size();
  }

  /** The servers to go to when the hub sends us away: those it names, then the others. */
  List<ServerAddress> elsewhere(List<String> nodes) {
    Set<ServerAddress> all = new LinkedHashSet<>(parse(nodes));
    all.addAll(servers);
    return List.copyOf(all);
  }

  /** What is no address is passed over: it is a hint, not an order. */
  private static List<ServerAddress> parse(List<String> nodes) {
    List<ServerAddress> parsed = new ArrayList<>();
    for (String node : nodes.subList(0, Math.min(nodes.size(), LEARNED_MAX))) {
      try {
        parsed.add(ServerAddress.parse(node));
      } catch (IllegalArgumentException notAnAddress) {
        continue;
      }
    }
    return parsed;
  }
}
