package io.peerhub.mailbox;

import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Fact;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One fact of each kind, and any number of others by a seed. */
final class Facts {
  private static final Identity ALICE = new Identity("alice");
  private static final Identity BOB = new Identity("bob/phone");
  private static final Fate[] FATES = Fate.values();

  private final Random random;

  Facts(long seed) {
    random = new Random(seed);
  }

  /** Each kind, always the same. */
  static List<Fact> samples() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("z", "1");
    headers.put("a", "ü");
    Letter.Message message =
        new Letter.Message(
            ALICE,
            "service:ingest",
            Body.json("{\"a\":1}"),
            "m-1",
            "m-0",
            1_763_700_000_123L,
            headers);
    Letter.Receipt receipt = new Letter.Receipt(BOB, 7, "m-9", "bob/phone", Fate.DEAD, 10, "why");
    Fact.Accepted accepted = new Fact.Accepted(1_763_700_000_123L, 3, message, 9, true, true);
    return List.of(
        new Fact.Activated(1, 2, "127.0.0.1:7355"),
        accepted,
        new Fact.Accepted(1, 4, receipt, 9, false, false),
        new Fact.Repeated(1, ALICE, "m-1"),
        new Fact.Offered(1, "s-1", 1_048_577, new long[] {1, 4_000_000_000L}),
        new Fact.Acked(1, 1_048_577, new long[] {1}),
        new Fact.Failed(1, 3, "not now", 5),
        new Fact.Ended(1, 3, Fate.REJECTED, "never"),
        new Fact.Told(1, new long[] {3}),
        new Fact.Redriven(1, 3, Fate.DEAD, accepted),
        new Fact.Restored(2, 9, 8, new long[] {1, 2, 3, 4, 15}),
        new Fact.Pending(
            3, 2, ALICE, "m-1", "", false, 300, -7_000_000_000L, 1, 9, true, true, true, 2, 5),
        new Fact.Remembered(ALICE, "m-1", true, 77, 3, Fate.EXPIRED, 6),
        new Fact.Marked(ALICE, "m", 4097, new long[] {-1, 0, 5}),
        new Fact.Owed(ALICE, receipt));
  }

  List<Fact> some(int count) {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      facts.add(any());
    }
    return facts;
  }

  private Fact any() {
    return switch (random.nextInt(14)) {
      case 0 -> new Fact.Activated(number(), number(), text());
      case 1 -> accepted();
      case 2 -> new Fact.Repeated(number(), identity(), text());
      case 3 -> new Fact.Offered(number(), text(), number(), places());
      case 4 -> new Fact.Acked(number(), number(), places());
      case 5 -> new Fact.Failed(number(), place(), text(), number());
      case 6 -> new Fact.Ended(number(), place(), fate(), text());
      case 7 -> new Fact.Told(number(), places());
      case 8 -> new Fact.Redriven(number(), place(), fate(), accepted());
      case 9 ->
          new Fact.Restored(number(), number(), number(), random.longs(FATES.length + 1).toArray());
      case 10 ->
          new Fact.Pending(
              place(),
              number(),
              identity(),
              text(),
              text(),
              flag(),
              random.nextInt(1 << 20),
              number(),
              number(),
              number(),
              flag(),
              flag(),
              flag(),
              random.nextInt(100),
              number());
      case 11 ->
          new Fact.Remembered(identity(), text(), flag(), number(), place(), fate(), number());
      case 12 -> new Fact.Marked(identity(), text(), place(), random.longs(64).toArray());
      default -> new Fact.Owed(identity(), receipt());
    };
  }

  private Fact.Accepted accepted() {
    Letter letter = flag() ? message() : receipt();
    return new Fact.Accepted(number(), place(), letter, number(), flag(), flag());
  }

  private Letter.Message message() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    Body.Kind kind = Body.Kind.values()[random.nextInt(4)];
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      headers.put(text() + i, text());
    }
    return new Letter.Message(
        identity(), text(), Body.of(kind, bytes), text(), text(), number(), headers);
  }

  private Letter.Receipt receipt() {
    return new Letter.Receipt(
        identity(), place(), text(), text(), fate(), random.nextInt(1000), text());
  }

  private long number() {
    return random.nextLong();
  }

  private long place() {
    return 1 + random.nextLong(Long.MAX_VALUE - 1);
  }

  private long[] places() {
    return random.longs(random.nextInt(20), 1, Long.MAX_VALUE).toArray();
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private Fate fate() {
    return FATES[random.nextInt(FATES.length)];
  }

  private Identity identity() {
    return new Identity("p" + random.nextInt(1000) + (flag() ? "/d" : ""));
  }

  private String text() {
    return random
        .ints(random.nextInt(20), 1, 0x2fff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
