package io.peerhub.delivery.kept;

import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;
import java.util.List;

/**
 * One row of the journal.
 *
 * @param number one above that of the row before
 * @param facts what has happened since
 * @param buried the letters that became dead with it
 */
public record Row(long number, List<Fact> facts, List<Buried> buried) {
  /**
   * A message that nobody will deliver.
   *
   * @param row the row of the journal that holds it
   * @param letter null if it is not in memory
   */
  public record Buried(
      long place,
      long row,
      Identity from,
      String id,
      int failures,
      Letter letter,
      Fact.Ended end) {}
}
