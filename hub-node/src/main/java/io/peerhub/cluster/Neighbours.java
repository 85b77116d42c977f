package io.peerhub.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Where else peers can connect, as far as this node knows. Safe for any thread. */
public final class Neighbours {
  /** What a peer is told at most: enough to find another node, whatever becomes of a few. */
  private static final int TOLD_MAX = 8;

  private volatile List<String> addresses = List.of();

  void set(List<String> known) {
    addresses = List.copyOf(known);
  }

  /** Some of them, as {@code HOST:PORT}, each time from another on, so that peers spread. */
  public List<String> some() {
    List<String> all = addresses;
    if (all.size() < 2) {
      return all;
    }
    int first = ThreadLocalRandom.current().nextInt(all.size());
    int count = Math.min(all.size(), TOLD_MAX);
    List<String> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(all.get((first + i) % all.size()));
    }
    return some;
  }
}
