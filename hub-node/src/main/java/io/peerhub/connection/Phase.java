package io.peerhub.connection;

/** The life of a connection, in this order; a phase may be left out, none comes back. */
enum Phase {
  UNAUTHENTICATED,
  ADMITTED,
  /** The last bytes are on their way out; what comes in is thrown away. */
  CLOSING,
  CLOSED
}
