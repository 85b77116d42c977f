package io.peerhub.mail;

import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import java.util.Map;

/**
 * Makes deliveries for tests: what a test does not speak of is plain. From {@code sender}, empty,
 * without a name or a confirmation, for 30 s, and nobody to answer to.
 */
public final class Deliveries {
  private final Identity to;
  private Identity from = new Identity("sender");
  private String addressed = "";
  private Body body = Body.EMPTY;
  private String id = "";
  private String re = "";
  private long sentAt;
  private Map<String, String> headers = Map.of();
  private int ttlMs = 30_000;
  private Confirmation confirm = Confirmation.NONE;
  private long n;
  private Seat sender;

  private Deliveries(Identity to) {
    this.to = to;
  }

  public static Deliveries to(String identity) {
    return to(new Identity(identity));
  }

  public static Deliveries to(Identity identity) {
    return new Deliveries(identity);
  }

  /** The same as that one, to be changed. */
  public static Deliveries like(Mail.Delivery other) {
    Deliveries made = to(other.to());
    Letter.Message letter = other.letter();
    made.from = letter.from();
    made.addressed = letter.addressed();
    made.body = letter.body();
    made.id = letter.id();
    made.re = letter.re();
    made.sentAt = letter.sentAt();
    made.headers = letter.headers();
    made.ttlMs = other.ttlMs();
    made.confirm = other.confirm();
    made.n = other.n();
    made.sender = other.sender();
    return made;
  }

  public Deliveries from(String identity) {
    return from(new Identity(identity));
  }

  public Deliveries from(Identity identity) {
    from = identity;
    return this;
  }

  public Deliveries addressed(String address) {
    addressed = address;
    return this;
  }

  public Deliveries text(String text) {
    return body(Body.text(text));
  }

  public Deliveries body(Body content) {
    body = content;
    return this;
  }

  public Deliveries id(String name) {
    id = name;
    return this;
  }

  public Deliveries re(String answered) {
    re = answered;
    return this;
  }

  public Deliveries sentAt(long millis) {
    sentAt = millis;
    return this;
  }

  public Deliveries headers(Map<String, String> values) {
    headers = values;
    return this;
  }

  public Deliveries ttlMs(int millis) {
    ttlMs = millis;
    return this;
  }

  public Deliveries confirm(Confirmation asked) {
    confirm = asked;
    return this;
  }

  /** The sender's number, and a name and a text that tell it. */
  public Deliveries numbered(long number) {
    return n(number).id("id-" + number).text("message " + number);
  }

  public Deliveries n(long number) {
    n = number;
    return this;
  }

  public Deliveries answeredAt(Seat seat) {
    sender = seat;
    return this;
  }

  public Mail.Delivery make() {
    Letter.Message letter = new Letter.Message(from, addressed, body, id, re, sentAt, headers);
    return new Mail.Delivery(to, letter, ttlMs, confirm, n, sender);
  }
}
