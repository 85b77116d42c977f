package io.peerhub.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of a session's sends: what makes a repeat after a resume harmless. {@code n} starts
 * at 1 and rises by one; a repeat has no effect and gets the answer that the first one got, as far
 * as that is still remembered (the last 1,024 numbers).
 *
 * @param <A> an answer
 */
public final class SendMarks<A> {
  /** How many numbers back answers are remembered (the wire promises it). */
  public static final int REMEMBERED = 1024;

  private static final int FIRST_CAPACITY = 16;

  /** How a number relates to those before it. */
  public enum Place {
    NEXT,
    REPEAT,
    HOLE
  }

  private long received;
  // A ring by n, made when the first answer comes and grown as answers reach further back: a
  // session that never asks for confirmations keeps nothing.
  private Object[] answers;
  private long[] numbers;

  /** Places {@code n}; if it is the next one it now counts as received. */
  public Place place(long n) {
    if (n == received + 1) {
      received = n;
      return Place.NEXT;
    }
    return n <= received ? Place.REPEAT : Place.HOLE;
  }

  /** The highest number received. */
  public long received() {
    return received;
  }

  /** Remembers what a send was answered; a later answer replaces an earlier one. */
  public void answered(long n, A answer) {
    if (n <= 0 || n > received || n <= received - REMEMBERED) {
      return;
    }
    if (answers == null) {
      answers = new Object[FIRST_CAPACITY];
      numbers = new long[FIRST_CAPACITY];
    }
    while (answers.length < REMEMBERED && collides(n)) {
      grow();
    }
    int slot = slot(n);
    answers[slot] = answer;
    numbers[slot] = n;
  }

  /** What that send was answered; null if nothing yet, or if it is too long ago. */
  @SuppressWarnings("unchecked")
  public A answer(long n) {
    if (answers == null || n <= received - REMEMBERED) {
      return null;
    }
    int slot = slot(n);
    return numbers[slot] == n ? (A) answers[slot] : null;
  }

  /** All answers that are still remembered, for a hand-over; by no order. */
  @SuppressWarnings("unchecked")
  public List<A> remembered() {
    List<A> all = new ArrayList<>();
    if (answers != null) {
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] != null && numbers[i] > received - REMEMBERED) {
          all.add((A) answers[i]);
        }
      }
    }
    return all;
  }

  /** Goes on where another session stopped; its answers follow by {@link #answered}. */
  public void restore(long received) {
    this.received = received;
  }

  private boolean collides(long n) {
    int slot = slot(n);
    return answers[slot] != null && numbers[slot] != n && numbers[slot] > received - REMEMBERED;
  }

  private void grow() {
    Object[] oldAnswers = answers;
    long[] oldNumbers = numbers;
    answers = new Object[oldAnswers.length * 2];
    numbers = new long[answers.length];
    for (int i = 0; i < oldAnswers.length; i++) {
      if (oldAnswers[i] != null) {
        answers[slot(oldNumbers[i])] = oldAnswers[i];
        numbers[slot(oldNumbers[i])] = oldNumbers[i];
      }
    }
  }

  private int slot(long n) {
    return (int) (n & (answers.length - 1));
  }
}
