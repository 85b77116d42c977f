package io.peerhub.mailbox;

/**
 * Stored bytes that this version cannot understand; the message says why, never what is in them.
 */
final class UnreadableRow extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableRow(String why) {
    super(why);
  }

  UnreadableRow(String why, Throwable cause) {
    super(why, cause);
  }
}
