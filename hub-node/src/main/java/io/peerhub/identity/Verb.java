package io.peerhub.identity;

import java.util.Locale;

/** What a peer can do to others; each is allowed or not by itself. */
public enum Verb {
  /** A message to an identity, to the devices of a name, to a room or to a service. */
  SEND,
  /** The question who is there: about an identity or a room. */
  ASK,
  /** To become a member of a room. */
  JOIN,
  /** To take messages for a service. */
  SERVE,
  /** A message to everybody. */
  BROADCAST;

  /** As it is written in a rule. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
