package io.peerhub.persistence.rendezvous;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What one look at the rendezvous has shown.
 *
 * @param cluster the id of the cluster that was founded last
 * @param rows its nodes, the eldest first, those among them that were killed too
 * @param locked whether nobody but this node may found one now
 */
public record Sighting(UUID cluster, List<Row> rows, boolean locked) {
  /**
   * A node that is up, or was when it last said so.
   *
   * @param incarnation one process' life as a node
   * @param address how other nodes reach it
   * @param release its version of the hub
   * @param renewals how often it has said that it is still there
   * @param age since it last did, by the clock of the database
   */
  public record Row(UUID incarnation, String address, String release, long renewals, Duration age) {
    boolean isStill(Row earlier) {
      return incarnation.equals(earlier.incarnation) && renewals == earlier.renewals;
    }
  }

  public Sighting {
    rows = List.copyOf(rows);
  }

  /** Whether nobody came, went or said anything between an earlier look and this one. */
  boolean isStill(Sighting earlier) {
    if (!cluster.equals(earlier.cluster) || rows.size() != earlier.rows.size()) {
      return false;
    }
    for (Row row : rows) {
      if (earlier.rows.stream().noneMatch(row::isStill)) {
        return false;
      }
    }
    return true;
  }
}
