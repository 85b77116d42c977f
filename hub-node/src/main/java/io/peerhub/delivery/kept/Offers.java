package io.peerhub.delivery.kept;

import io.peerhub.delivery.Letter;
import java.util.List;

/**
 * What goes to the session now, from committed rows.
 *
 * @param unread the first that would have to be read back before it can go; null if none
 */
public record Offers(String session, long epoch, List<Offer> letters, Kept unread) {
  /** A letter that goes to the session now. */
  public record Offer(long place, Letter letter, boolean redelivered, int attempt) {}
}
