package io.peerhub.delivery;

/**
 * The receiving side of a link: takes each number once and in order, and reports a hole once, until
 * it moves. Belongs to one thread.
 */
public final class LinkWindowMark {
  /** What to do with a batch. */
  public enum Verdict {
    /** It is the next one: take it. */
    TAKE,
    /** It was taken before: acknowledge again, since the sender may not have heard. */
    REPEATED,
    /** Others are missing before it: tell the sender which is the first. */
    HOLE,
    /** The same hole as before, which was told. */
    KNOWN_HOLE
  }

  private long taken;
  private long toldHole;

  /** Judges a batch by its number; a batch to be taken counts as taken from here on. */
  public Verdict judge(long number) {
    if (number <= taken) {
      return Verdict.REPEATED;
    }
    if (number == taken + 1) {
      taken = number;
      return Verdict.TAKE;
    }
    if (toldHole == taken + 1) {
      return Verdict.KNOWN_HOLE;
    }
    toldHole = taken + 1;
    return Verdict.HOLE;
  }

  /** The highest number that was taken; everything below it was, too. */
  public long taken() {
    return taken;
  }
}
