package io.peerhub.room;

import java.util.Locale;

/** What members of a room are told of another, in the words of the wire. */
public enum RoomEvent {
  ENTER,
  AWAY,
  BACK,
  LEAVE;

  /** As {@code presence.event} has it. */
  public String onTheWire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
