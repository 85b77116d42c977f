package io.peerhub.room;

import io.peerhub.mail.Mail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The last messages of a room, oldest first: bounded by count, by bytes and by age. Pure.
 *
 * <p>It knows what it does not have: who asks for what follows a number is told whether that is
 * everything.
 */
final class History {
  /** A message under its number, and when it came, in nanoseconds. */
  private record Entry(long seq, long at, Mail.Delivery message) {}

  /**
   * What follows a number.
   *
   * @param whole whether nothing between is missing
   */
  record Replay(List<Mail.Delivery> messages, boolean whole) {
    static final Replay NOTHING = new Replay(List.of(), true);
  }

  private final int maxCount;
  private final long maxBytes;
  private final long maxAgeNanos;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;

  /** Everything above this number is here. */
  private long floor;

  /**
   * @param floor the number of the last message that is not known here
   */
  History(int maxCount, long maxBytes, long maxAgeNanos, long floor) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
    this.maxAgeNanos = maxAgeNanos;
    this.floor = floor;
  }

  void add(long seq, Mail.Delivery message, long now) {
    entries.addLast(new Entry(seq, now, message));
    bytes += message.weight();
    while (entries.size() > maxCount || bytes > maxBytes) {
      drop();
    }
    expire(now);
  }

  /** A message of this number is not kept. */
  void skip(long seq) {
    floor = seq;
  }

  /** Lets go of what is too old. */
  void expire(long now) {
    while (!entries.isEmpty() && now - entries.peekFirst().at() > maxAgeNanos) {
      drop();
    }
  }

  private void drop() {
    Entry oldest = entries.removeFirst();
    bytes -= oldest.message().weight();
    floor = oldest.seq();
  }

  /** What came behind a number. */
  Replay since(long seq) {
    List<Mail.Delivery> messages = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.seq() > seq) {
        messages.add(entry.message());
      }
    }
    return new Replay(messages, seq >= floor);
  }

  /** The last so many, or as many as there are: who asks for a count misses nothing. */
  Replay last(int count) {
    List<Mail.Delivery> messages = new ArrayList<>();
    for (Iterator<Entry> newest = entries.descendingIterator();
        newest.hasNext() && messages.size() < count; ) {
      messages.addFirst(newest.next().message());
    }
    return new Replay(messages, true);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }
}
