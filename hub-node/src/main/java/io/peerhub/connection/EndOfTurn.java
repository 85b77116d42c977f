package io.peerhub.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What is due at the end of a loop's turn, behind the actors that are due to run: each item once
 * for each time that it was named, in order. Belongs to the loop's thread.
 *
 * <p>Whatever one item throws, an {@link Error} too, is told to the work about that item and
 * touches no other, of this turn or a later one. A list that is not cleared after a throw would
 * never be empty again, so that no turn of the loop would ever have an end.
 *
 * @param <T> an item
 */
final class EndOfTurn<T> {
  /** What is done then. */
  interface Work<T> {
    void finish(T item);

    /** The item threw this. What this throws itself is lost. */
    void failed(T item, Throwable thrown);

    /** Behind all items. */
    void finished();
  }

  private final Executor loop;
  private final Work<T> work;
  private final Runnable end = this::end;
  private List<T> named = new ArrayList<>();
  private List<T> due = new ArrayList<>();

  EndOfTurn(Executor loop, Work<T> work) {
    this.loop = loop;
    this.work = work;
  }

  void add(T item) {
    named.add(item);
    if (named.size() == 1) {
      loop.execute(end);
    }
  }

  private void end() {
    List<T> items = named;
    named = due; // Empty: for what is named while these are finished.
    due = items;
    try {
      for (int i = 0; i < items.size(); i++) {
        finish(items.get(i));
      }
    } finally {
      items.clear();
      work.finished();
    }
  }

  private void finish(T item) {
    try {
      work.finish(item);
    } catch (Throwable thrown) {
      try {
        work.failed(item, thrown);
      } catch (Throwable another) {
        // Memory is short, most likely: those behind it have their turn all the same.
        thrown.addSuppressed(another);
      }
    }
  }
}
