package io.peerhub.delivery;

import java.util.Locale;

/** How a critical message ends. The order is stored: append only. */
public enum Fate {
  /** The receiver has acknowledged it. */
  DELIVERED,
  /** Its time to live was over first. */
  EXPIRED,
  /** The receiver has rejected it for good. */
  REJECTED,
  /** It failed as often as it may. */
  DEAD;

  /** The word for it on the wire. */
  public String status() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is kept as a dead letter. */
  public boolean isKeptAsDead() {
    return this == REJECTED || this == DEAD;
  }
}
