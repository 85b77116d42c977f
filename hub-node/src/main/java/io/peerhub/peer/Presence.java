package io.peerhub.peer;

/** Whether a peer is there. */
public enum Presence {
  ONLINE,
  AWAY,
  OFFLINE
}
