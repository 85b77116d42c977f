package io.peerhub.session;

/** Protocol first; the behavior follows in the next commit. */
public final class Sessions {
  /** What the keeper of a loop's sessions hears. */
  public sealed interface Command {}

  /** A connection has its first frame: make a session for it on this loop. */
  public record Open(Outlet outlet) implements Command {}

  private Sessions() {}
}
