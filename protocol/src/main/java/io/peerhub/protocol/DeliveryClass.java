package io.peerhub.protocol;

/** How hard the hub tries: the {@code delivery} of a message. The order is that of the schema. */
public enum DeliveryClass {
  /** At most once, held in memory only. */
  LIVE,
  /** At least once, journaled before it is confirmed. */
  CRITICAL
}
