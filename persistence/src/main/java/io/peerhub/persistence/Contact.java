package io.peerhub.persistence;

import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.time.Instant;

/**
 * That a peer was let in, or would be if an operator approved it.
 *
 * @param address the peer's address without its port
 * @param client what the peer calls itself: library and version
 * @param version of the wire that it spoke
 * @param ifNew what its row says if this is the first time
 */
public record Contact(
    Identity identity, Instant at, String address, String client, int version, Status ifNew) {

  private static final int TEXT_MAX = 128;

  public Contact {
    address = storable(address);
    client = storable(client);
  }

  /** The server refuses some texts, and would refuse the whole batch with them. */
  private static String storable(String text) {
    StringBuilder storable = new StringBuilder();
    text.codePoints()
        .limit(TEXT_MAX)
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
        .forEach(storable::appendCodePoint);
    return storable.toString();
  }
}
