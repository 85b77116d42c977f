package io.peerhub.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.Budget;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Fact;
import io.peerhub.delivery.kept.MailboxDesk;
import io.peerhub.delivery.kept.MailboxLimits;
import io.peerhub.delivery.kept.Offers;
import io.peerhub.delivery.kept.Row;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A mailbox that is replayed from bytes is the mailbox that wrote them. */
class StoredStateTest {
  private static final Identity OWNER = new Identity("owner");
  private static final int SEEDS = 300;
  private static final int STEPS = 80;
  private static final MailboxLimits LIMITS =
      new MailboxLimits(
          20,
          1 << 20,
          4,
          Duration.ofMillis(400),
          3,
          Duration.ofMillis(10),
          Duration.ofMillis(40),
          Duration.ofMillis(200),
          6,
          1 << 16);

  @Test
  void rowsAndSnapshotsGiveTheSameStateAgain() throws UnreadableRow {
    Set<Class<?>> kinds = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Life life = new Life(seed);
      MailboxDesk replayed = desk();
      for (int i = 0; i < STEPS; i++) {
        life.step();
        if (life.desk.hasFacts()) {
          Row row = life.desk.close();
          row.facts().forEach(fact -> kinds.add(fact.getClass()));
          replayed.replay(row.number(), FactCodec.decode(FactCodec.encode(row.facts())));
          life.desk.committed();
        }
      }
      List<Fact> snapshot = life.desk.state().snapshot();
      snapshot.forEach(fact -> kinds.add(fact.getClass()));
      MailboxDesk restored = desk();
      restored.replay(life.desk.lastRow(), FactCodec.decode(FactCodec.encode(snapshot)));
      assertSame(replayed, snapshot, "the rows of seed " + seed);
      assertSame(restored, snapshot, "the snapshot of seed " + seed);
    }
    assertThat(kinds).containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
  }

  /** Marks of fewer bits than there are would have failed where the next number is taken. */
  @Test
  void aSenderOfWhomFewBitsAreStoredSendsOn() throws UnreadableRow {
    Identity sender = new Identity("s");
    Fact marked = new Fact.Marked(sender, "r", 10_000, new long[] {-1});
    MailboxDesk desk = desk();
    desk.replay(1, FactCodec.decode(FactCodec.encode(List.of(marked))));
    Letter next = new Letter.Message(sender, "", Body.text("text"), "r-10101", "", 1, Map.of());
    assertThat(desk.accept(next, 0, false, true, 1)).isEqualTo(MailboxDesk.Verdict.ACCEPTED);
  }

  private static void assertSame(MailboxDesk desk, List<Fact> snapshot, String what) {
    assertThat(desk.state().snapshot())
        .as(what)
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(snapshot);
  }

  private static MailboxDesk desk() {
    return new MailboxDesk(OWNER, LIMITS, new Budget(1 << 20));
  }

  /** What may happen to a mailbox, in no order. */
  private static final class Life {
    private final MailboxDesk desk = desk();
    private final Random random;
    private final List<Long> inHand = new ArrayList<>();
    private long now = 1_763_700_000_000L;
    private long epoch;

    Life(long seed) {
      random = new Random(seed);
      desk.activate(1, "node", now);
    }

    void step() {
      now += random.nextInt(15);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> send();
        case 4 -> attach();
        case 5 -> ack();
        case 6 -> reject();
        case 7 -> desk.expire(now);
        case 8 -> tell();
        default -> redrive();
      }
      desk.takeWithdrawn().forEach(inHand::remove);
      offer();
    }

    private void send() {
      boolean rising = random.nextBoolean();
      String id = (rising ? "r-" : "m") + random.nextInt(rising ? 10_000 : 30);
      desk.accept(letter(id), random.nextInt(3) * 60L, random.nextBoolean(), rising, now);
    }

    private Letter.Message letter(String id) {
      Identity from = new Identity("s" + random.nextInt(3));
      Body body = Body.text("text " + random.nextInt(3));
      return new Letter.Message(from, "", body, id, "", now, Map.of("k", "v"));
    }

    private void attach() {
      inHand.clear();
      desk.attach("session", ++epoch, 3, new long[0]);
    }

    private void offer() {
      if (desk.isAttached()) {
        Offers offers = desk.offers(now);
        offers.letters().forEach(offer -> inHand.add(offer.place()));
        desk.takeWithdrawn().forEach(inHand::remove);
      }
    }

    private void ack() {
      if (!inHand.isEmpty()) {
        desk.ack(epoch, new long[] {inHand.removeFirst()}, now);
      }
    }

    private void reject() {
      if (!inHand.isEmpty()) {
        desk.reject(epoch, inHand.removeFirst(), "no", random.nextInt(3) > 0, now);
      }
    }

    private void tell() {
      for (List<Letter.Receipt> lot : desk.receiptsDue(now).values()) {
        desk.told(lot.stream().mapToLong(Letter.Receipt::place).toArray(), now);
      }
    }

    private void redrive() {
      if (random.nextInt(10) == 0) {
        long dead = 1 + random.nextInt(20);
        desk.redrive(dead, Fate.DEAD, letter("again" + now), true, now);
      }
    }
  }
}
