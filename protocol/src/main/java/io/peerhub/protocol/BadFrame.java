package io.peerhub.protocol;

/**
 * Bytes that are no frame. Carries what the answer needs: the refusal, and which send or command it
 * answers as far as that could be read. Has no stack trace: hostile input must stay cheap.
 */
public final class BadFrame extends Exception {
  private static final long serialVersionUID = 1L;
  private final Refusal refusal;
  private final String kind;
  private final String id;
  private final long n;

  public BadFrame(Refusal refusal, String detail) {
    this(refusal, detail, "", "", 0);
  }

  /**
   * @param detail what is wrong, in words of ours: never bytes of the input
   * @param kind the kind of the frame as on the wire ({@code send}), or empty
   * @param id the id of the send or command, or empty
   * @param n the number of the send, or 0
   */
  public BadFrame(Refusal refusal, String detail, String kind, String id, long n) {
    super(detail, null, false, false);
    this.refusal = refusal;
    this.kind = kind;
    this.id = id;
    this.n = n;
  }

  public Refusal refusal() {
    return refusal;
  }

  public String kind() {
    return kind;
  }

  public String id() {
    return id;
  }

  public long n() {
    return n;
  }
}
