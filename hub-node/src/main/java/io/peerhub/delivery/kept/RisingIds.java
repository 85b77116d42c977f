package io.peerhub.delivery.kept;

import io.peerhub.protocol.Identity;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is known of messages that their senders name {@code PREFIX-NUMBER} in rising order: for each
 * prefix a low-water mark and a bit for each of the 4,096 numbers above it, for ever. The prefixes
 * that were not used for longest are forgotten past a thousand.
 */
final class RisingIds {
  /** How many numbers above the mark are told apart. */
  static final int SPAN = 4096;

  private static final int PREFIXES_MAX = 1000;
  private static final int DIGITS_MAX = 15;

  /** What a number is, against those before it. */
  enum Seen {
    NEW,
    SEEN,
    /** Below the mark: nobody can say. */
    BELOW
  }

  /** A name, taken apart. */
  record Number(String prefix, long number) {
    /** Null if the name is not of this kind. */
    static Number of(String id) {
      int dash = id.lastIndexOf('-');
      int digits = id.length() - dash - 1;
      if (dash < 0 || digits < 1 || digits > DIGITS_MAX) {
        return null;
      }
      long number = 0;
      for (int i = dash + 1; i < id.length(); i++) {
        char c = id.charAt(i);
        if (c < '0' || c > '9') {
          return null;
        }
        number = number * 10 + (c - '0');
      }
      return new Number(id.substring(0, dash), number);
    }
  }

  private record Key(Identity from, String prefix) {}

  private static final class Marks {
    private long highest;
    private final long[] bits;

    Marks(long highest, long[] bits) {
      this.highest = highest;
      this.bits = bits;
    }

    boolean has(long number) {
      return (bits[slot(number)] & 1L << number) != 0;
    }

    void take(long number) {
      // What the window slides over counts as not seen.
      for (long n = Math.max(highest + 1, number - SPAN + 1); n < number; n++) {
        bits[slot(n)] &= ~(1L << n);
      }
      bits[slot(number)] |= 1L << number;
      highest = Math.max(highest, number);
    }

    private static int slot(long number) {
      return (int) (number % SPAN) >>> 6;
    }
  }

  private final LinkedHashMap<Key, Marks> all = new LinkedHashMap<>();

  Seen see(Identity from, Number what) {
    Marks marks = all.get(new Key(from, what.prefix()));
    if (marks == null || what.number() > marks.highest) {
      return Seen.NEW;
    }
    if (what.number() <= marks.highest - SPAN) {
      return Seen.BELOW;
    }
    return marks.has(what.number()) ? Seen.SEEN : Seen.NEW;
  }

  void take(Identity from, Number what) {
    Key key = new Key(from, what.prefix());
    Marks marks = all.get(key);
    if (marks == null) {
      marks = new Marks(what.number(), new long[Fact.Marked.WORDS]);
      if (all.size() >= PREFIXES_MAX) {
        all.pollFirstEntry();
      }
    }
    all.putLast(key, marks);
    marks.take(what.number());
  }

  void restore(Fact.Marked marked) {
    Marks marks = new Marks(marked.highest(), Arrays.copyOf(marked.bits(), Fact.Marked.WORDS));
    all.put(new Key(marked.from(), marked.prefix()), marks);
  }

  /** Least recently used first. */
  void snapshot(Consumer<Fact> to) {
    for (Map.Entry<Key, Marks> each : all.entrySet()) {
      Marks marks = each.getValue();
      Key key = each.getKey();
      to.accept(new Fact.Marked(key.from(), key.prefix(), marks.highest, marks.bits.clone()));
    }
  }
}
