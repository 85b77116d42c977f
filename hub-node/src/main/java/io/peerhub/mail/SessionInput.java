package io.peerhub.mail;

/**
 * Whatever may reach a session. Java has no sealed type across packages, so this is the open roof
 * over sealed halves, each declared by who says it: mail by other peers' sessions, notices by its
 * peer and by its mailbox, and the session's own protocol in {@code session}.
 */
public interface SessionInput {
  /** What it counts for in queues and budgets, in bytes. */
  default int weight() {
    return 128;
  }
}
