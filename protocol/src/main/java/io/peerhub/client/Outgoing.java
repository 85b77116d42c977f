package io.peerhub.client;

import io.peerhub.protocol.Address;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One message to send.
 *
 * <p>
 *
 * {@snippet file="ClientExamples.java" region="outgoing"}
 *
 * @param to an identity, {@code NAME/*}, {@code room:NAME}, {@code service:NAME} or {@code all:}
 * @param body what it carries
 * @param id the sender's own name for it, at most 128 bytes; empty: none (a critical message then
 *     gets one, since it may have to be repeated)
 * @param delivery live or critical
 * @param confirm what is asked for; of a critical message at least accepted
 * @param ttl how long it is worth something, from the call on; zero: the default of its class
 * @param re the id of the message that this one answers, or empty
 * @param headers free pairs
 */
public record Outgoing(
    String to,
    Body body,
    String id,
    DeliveryClass delivery,
    Confirmation confirm,
    Duration ttl,
    String re,
    Map<String, String> headers) {
  private static final int ID_MAX = 128;

  public Outgoing {
    if (Address.parse(to).isEmpty()) {
      throw new IllegalArgumentException("not an address");
    }
    if (id.getBytes(StandardCharsets.UTF_8).length > ID_MAX) {
      throw new IllegalArgumentException("an id has at most " + ID_MAX + " bytes");
    }
    if (ttl.isNegative() || ttl.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a ttl is 0 to " + Integer.MAX_VALUE + " ms");
    }
    if (delivery == DeliveryClass.CRITICAL && confirm == Confirmation.NONE) {
      confirm = Confirmation.ACCEPTED;
    }
    headers = Map.copyOf(headers);
  }

  /** A live message whose receiver's session is to confirm it. */
  public static Outgoing live(String to, Body body) {
    return of(to, body, DeliveryClass.LIVE);
  }

  /** A critical message. */
  public static Outgoing critical(String to, Body body) {
    return of(to, body, DeliveryClass.CRITICAL);
  }

  private static Outgoing of(String to, Body body, DeliveryClass delivery) {
    return new Outgoing(to, body, "", delivery, Confirmation.ACCEPTED, Duration.ZERO, "", Map.of());
  }

  public Outgoing withId(String value) {
    return new Outgoing(to, body, value, delivery, confirm, ttl, re, headers);
  }

  public Outgoing withConfirm(Confirmation value) {
    return new Outgoing(to, body, id, delivery, value, ttl, re, headers);
  }

  public Outgoing withTtl(Duration value) {
    return new Outgoing(to, body, id, delivery, confirm, value, re, headers);
  }

  public Outgoing withRe(String value) {
    return new Outgoing(to, body, id, delivery, confirm, ttl, value, headers);
  }

  public Outgoing withHeader(String key, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(key, value);
    return new Outgoing(to, body, id, delivery, confirm, ttl, re, more);
  }

  boolean isLive() {
    return delivery == DeliveryClass.LIVE;
  }

  /** What it is counted with: its bytes, and a share for the objects around them. */
  int size() {
    return body.size() + 2 * (to.length() + id.length()) + 200 + 100 * headers.size();
  }
}
