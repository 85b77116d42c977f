package io.peerhub.room;

/** What becomes of a member, as its session tells the room. */
public enum Step {
  /** Its connection is cut; the session waits. */
  AWAY(""),
  /** It is connected again. */
  BACK(""),
  /** Its session hands over to another, which joins again. */
  MOVING(""),
  LEFT("left"),
  /** Its session ended without a good-bye, or its node did. */
  LOST("lost"),
  TAKEN_OVER("taken over"),
  DRAINED("drained"),
  /** An operator has disabled its device. */
  SHUT_OUT("disabled");

  private final String reason;

  Step(String reason) {
    this.reason = reason;
  }

  /** As {@code presence.reason} has it; empty for a step that does not leave the room. */
  public String reason() {
    return reason;
  }
}
