package io.peerhub.protocol;

/**
 * The one catalogue of refusals. The range of a number says what its reader does: 1xxx mend the
 * client, 2xxx not authenticated or not allowed, 3xxx not deliverable, 4xxx too much: again after
 * {@code retry_after_ms}, 5xxx the hub cannot now: again, maybe elsewhere.
 *
 * <p>The reference in {@code protocol/README.md} is rendered from here, and a test holds the two
 * together. Numbers are never reused.
 */
public enum Refusal {
  UNKNOWN_WIRE(1001, "no known wire"),
  FRAME_TOO_LARGE(1002, "frame too large or not delimited"),
  UNKNOWN_FRAME(1003, "unknown kind of frame, or one of the other direction"),
  OUT_OF_SEQUENCE(1004, "n is out of sequence"),
  MALFORMED(1005, "malformed frame"),
  TOO_MANY_BAD_FRAMES(1006, "too many bad frames"),
  WRONG_PHASE(1007, "not in this phase of the conversation"),
  BAD_NAME(1008, "a name or address out of grammar"),
  SILENT(1009, "silent for too long"),
  VERSION(1010, "protocol version not spoken here"),

  NOT_AUTHENTICATED(2001, "not authenticated"),
  METHOD_NOT_OFFERED(2002, "authentication method not offered"),
  HANDSHAKE_TIMEOUT(2003, "the handshake took too long"),
  NOT_ALLOWED(2004, "not allowed"),
  DISABLED(2005, "this device is disabled"),
  TAKEN_OVER(2009, "taken over by a newer connection"),
  ALREADY_CONNECTED(2010, "already connected"),
  TLS_REQUIRED(2011, "TLS required (or HUB_ALLOW_PLAINTEXT)"),

  UNKNOWN_PEER(3001, "unknown peer"),
  OFFLINE(3002, "the receiver is offline"),
  EXPIRED(3003, "expired before it was delivered"),
  NO_MEMBER(3004, "nobody serves this"),
  ID_CONFLICT(3005, "same id, other content"),
  WRONG_ADDRESS(3006, "not for such an address"),
  ID_TOO_OLD(3007, "id too old to judge"),
  /**
   * No refusal in truth, but the end of what the hub can say: the message was on its way, or was
   * written, when what carried it was lost. Never said of a critical message.
   */
  OUTCOME_UNKNOWN(3008, "nobody knows whether it was delivered"),

  TOO_FAST(4001, "too fast"),
  TOO_MANY(4002, "too many"),
  MAILBOX_FULL(4003, "mailbox full"),
  NOT_READING(4004, "does not read"),
  NOT_ACKNOWLEDGING(4005, "did not acknowledge in time"),
  DROPPED(4006, "dropped by a limit"),

  STORE_UNAVAILABLE(5001, "the store is unavailable"),
  DRAINING(5002, "this node is draining"),
  NO_MAJORITY(5003, "no majority"),
  INTERNAL(5004, "internal error");

  private final int code;
  private final String reason;

  Refusal(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The reason in one line, without any detail of the case. */
  public String reason() {
    return reason;
  }

  /** Whether the same request may succeed later without the client being mended (4xxx, 5xxx). */
  public boolean retryable() {
    return code >= 4000;
  }

  /** The refusal with this number; null for a number that this version does not know. */
  public static Refusal ofCode(int code) {
    for (Refusal refusal : values()) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    return null;
  }
}
