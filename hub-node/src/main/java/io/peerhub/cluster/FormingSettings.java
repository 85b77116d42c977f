package io.peerhub.cluster;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * How a node finds the others: the settings {@code forming}, {@code renew-every}, {@code on-split}
 * and {@code seed-nodes} under {@code peerhub.cluster}; each is described in {@code
 * reference.conf}.
 */
public sealed interface FormingSettings {
  /** It does not: it is a cluster of its own. */
  record Alone() implements FormingSettings {}

  /**
   * By a list that somebody keeps.
   *
   * @param addresses as {@code pekko://peerhub@HOST:PORT}
   */
  record BySeedNodes(List<String> addresses) implements FormingSettings {
    public BySeedNodes {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * By the database that they share.
   *
   * @param renewEvery between two signs of life
   * @param leaseDecides whether, when they lose sight of each other, those go on that get a lease
   *     there; else the majority does
   */
  record ByDatabase(Duration renewEvery, boolean leaseDecides) implements FormingSettings {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** The rendezvous gives up what is silent for three times as long. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * How long a node may say nothing before it has lost its lease: longer than the sides of a
     * split decide apart from each other, and shorter than it takes to notice that it has died
     * since.
     */
    public Duration silent() {
      return renewEvery.multipliedBy(10);
    }

    public ByDatabase {
      if (renewEvery.compareTo(SHORTEST) < 0 || renewEvery.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "peerhub.cluster.renew-every is not within 100 ms and 10 s");
      }
    }
  }

  private static boolean leaseDecides(Config cluster) {
    return switch (cluster.getString("on-split")) {
      case "lease" -> true;
      case "majority" -> false;
      default ->
          throw new IllegalArgumentException("peerhub.cluster.on-split is lease or majority");
    };
  }

  /** Reads them; a list of seed nodes counts wherever there is one. */
  static FormingSettings from(Config cluster) {
    List<String> seeds = cluster.getStringList("seed-nodes");
    if (!seeds.isEmpty()) {
      return new BySeedNodes(seeds);
    }
    return switch (cluster.getString("forming")) {
      case "alone" -> new Alone();
      case "database" -> new ByDatabase(cluster.getDuration("renew-every"), leaseDecides(cluster));
      default -> throw new IllegalArgumentException("peerhub.cluster.forming is database or alone");
    };
  }
}
