package io.peerhub.delivery.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.Budget;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random commands, crashes and replays against a model that knows no more than the promises: what
 * is accepted ends once, order holds in each flow, a repeat is flagged and never follows a taken
 * ack, and the state after a replay is the state before the crash.
 */
class MailboxModelTest {
  private static final int SEEDS = 10_000;
  private static final Identity OWNER = new Identity("owner");
  private static final MailboxLimits LIMITS =
      new MailboxLimits(
          12,
          1 << 20,
          4,
          Duration.ofMillis(400),
          3,
          Duration.ofMillis(10),
          Duration.ofMillis(40),
          Duration.ofMillis(100),
          6,
          2_000);

  @Test
  void keepsItsPromisesUnderTenThousandSeeds() {
    int ended = 0;
    int crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed);
      try {
        run.play(60);
        run.settle();
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed + " after " + run.story, broken);
      }
      ended += run.fates.size();
      crashes += run.crashes;
    }
    assertThat(ended).as("messages that ended").isGreaterThan(SEEDS);
    assertThat(crashes).isGreaterThan(SEEDS);
  }

  private static final class Run {
    private final Random random;
    private final Rows rows = new Rows();
    private final Budget memory = new Budget(1 << 20);
    private final List<String> story = new ArrayList<>();
    private MailboxDesk desk;
    private long now = 1_000_000;
    private long epoch;
    private int crashes;
    private boolean inFlight;
    // What the world outside knows.
    private final Map<Long, String> accepted = new HashMap<>();
    private final Map<Long, String> undecided = new HashMap<>();
    private final Map<Long, Fate> fates = new HashMap<>();
    private final Set<Long> seen = new HashSet<>();
    private final Map<String, Long> lastFirst = new HashMap<>();
    private final TreeSet<Long> inHand = new TreeSet<>();
    private final Set<Long> receipts = new HashSet<>();
    private List<String> committed = List.of();

    Run(int seed) {
      random = new Random(seed);
      start();
    }

    private void start() {
      desk = new MailboxDesk(OWNER, LIMITS, memory);
      rows.replayInto(desk);
      assertThat(Rows.texts(desk.state().snapshot()))
          .as("the state after replay")
          .isEqualTo(committed.isEmpty() ? Rows.texts(desk.state().snapshot()) : committed);
      desk.activate(++crashes, "node", now);
      inHand.clear();
      inFlight = false;
      write();
      commit();
    }

    void play(int steps) {
      for (int i = 0; i < steps; i++) {
        now += random.nextInt(12);
        switch (random.nextInt(14)) {
          case 0, 1, 2, 3 -> send();
          case 4 -> attach();
          case 5, 6 -> ack();
          case 7 -> reject();
          case 8 -> away();
          case 9 -> desk.expire(now);
          case 10 -> tell();
          case 11, 12 -> {
            if (inFlight) {
              commit();
            }
          }
          default -> crash();
        }
        if (!inFlight) {
          write();
        }
        check();
      }
    }

    private void send() {
      String from = "s" + random.nextInt(2);
      boolean rising = random.nextInt(3) == 0;
      String id = (rising ? "r-" : "m") + random.nextInt(20);
      String text = random.nextInt(10) == 0 ? "other" : "text";
      Letter letter =
          new Letter.Message(new Identity(from), "", Body.text(text), id, "", now, Map.of());
      boolean wanted = random.nextBoolean();
      long ttl = random.nextInt(5) == 0 ? 20 : 0;
      long place = desk.state().lastPlace() + 1;
      MailboxDesk.Verdict verdict = desk.accept(letter, ttl, wanted, rising, now);
      story.add("send " + from + " " + id + ": " + verdict);
      if (verdict == MailboxDesk.Verdict.ACCEPTED) {
        undecided.put(place, from);
        // The same at once is the same.
        assertThat(desk.accept(letter, ttl, wanted, rising, now))
            .isEqualTo(MailboxDesk.Verdict.DUPLICATE);
      }
    }

    private void attach() {
      long[] holds =
          random.nextBoolean() ? new long[0] : inHand.stream().mapToLong(Long::longValue).toArray();
      epoch++;
      story.add("attach " + epoch);
      assertThat(desk.attach("session", epoch, 1 + random.nextInt(4), holds)).isTrue();
      inHand.retainAll(java.util.Arrays.stream(holds).boxed().toList());
      inHand.removeAll(desk.takeWithdrawn());
      offer();
    }

    private void offer() {
      Offers offers = desk.offers(now);
      for (Offers.Offer offer : offers.letters()) {
        long place = offer.place();
        assertThat(accepted).as("only what is committed goes out").containsKey(place);
        assertThat(fates).as("no repeat after a taken ack").doesNotContainKey(place);
        if (seen.contains(place)) {
          assertThat(offer.redelivered()).as("a repeat is flagged").isTrue();
        } else {
          String flow = accepted.get(place);
          assertThat(lastFirst.getOrDefault(flow, 0L)).as("first deliveries").isLessThan(place);
          lastFirst.put(flow, place);
          seen.add(place);
        }
        assertThat(inHand.add(place)).as("in one hand once").isTrue();
      }
      if (offers.unread() != null) {
        desk.readBack(offers.unread().place(), rows.letter(offers.unread()));
        offer();
      }
    }

    private void ack() {
      if (!inHand.isEmpty() && desk.isAttached()) {
        long[] some =
            inHand.stream().limit(1 + random.nextInt(3)).mapToLong(Long::longValue).toArray();
        boolean stale = random.nextInt(5) == 0;
        story.add("ack " + java.util.Arrays.toString(some) + (stale ? " late" : ""));
        int before = desk.state().pendingCount();
        assertThat(desk.ack(stale ? epoch - 1 : epoch, some, now)).isEqualTo(!stale);
        if (stale) {
          assertThat(desk.state().pendingCount()).isEqualTo(before);
        } else {
          java.util.Arrays.stream(some).forEach(inHand::remove);
        }
      }
    }

    private void reject() {
      if (!inHand.isEmpty()) {
        long place = inHand.first();
        boolean requeue = random.nextInt(3) > 0;
        story.add("reject " + place + (requeue ? " again" : ""));
        desk.reject(epoch, place, "no", requeue, now);
        inHand.remove(place);
        desk.takeWithdrawn();
      }
    }

    private void away() {
      if (desk.isAttached()) {
        long first = inHand.isEmpty() ? 0 : inHand.first();
        story.add("away " + first);
        desk.away(epoch, first, new long[0], now);
        inHand.removeAll(desk.takeWithdrawn());
        if (random.nextBoolean()) {
          desk.detach(epoch);
          inHand.clear();
        }
      }
    }

    private void tell() {
      desk.receiptsDue(now)
          .values()
          .forEach(
              lot -> {
                lot.forEach(receipt -> assertThat(fates).containsKey(receipt.place()));
                lot.forEach(receipt -> receipts.add(receipt.place()));
                if (random.nextBoolean()) {
                  desk.told(lot.stream().mapToLong(Letter.Receipt::place).toArray(), now);
                }
              });
    }

    private void write() {
      if (desk.hasFacts()) {
        Row row = desk.close();
        rowInFlight = row;
        snapshotInFlight = desk.state().snapshot();
        inFlight = true;
      }
    }

    private Row rowInFlight;
    private List<Fact> snapshotInFlight;

    private void commit() {
      persist();
      inFlight = false;
      desk.committed();
      inHand.removeAll(desk.takeWithdrawn());
      offer();
    }

    /** The row is on disk, whether or not anybody hears of it. */
    private void persist() {
      rows.write(rowInFlight);
      committed = Rows.texts(snapshotInFlight);
      if (random.nextInt(8) == 0) {
        rows.snapshot(rowInFlight.number(), snapshotInFlight);
      }
      for (Fact fact : rowInFlight.facts()) {
        switch (fact) {
          case Fact.Accepted taken -> {
            if (taken.letter() instanceof Letter.Message message) {
              accepted.put(taken.place(), message.from().text());
              undecided.remove(taken.place());
            }
          }
          case Fact.Acked acked -> {
            for (long place : acked.places()) {
              assertThat(fates.put(place, Fate.DELIVERED)).as("one fate").isNull();
            }
          }
          case Fact.Ended end -> assertThat(fates.put(end.place(), end.fate())).isNull();
          case Fact other -> {}
        }
      }
    }

    private void crash() {
      story.add("crash");
      desk.release();
      assertThat(memory.used()).isZero();
      if (inFlight && random.nextBoolean()) {
        persist();
      }
      undecided.clear();
      start();
    }

    private void check() {
      Counts counts = desk.state().counts();
      long ended = 0;
      for (Fate fate : Fate.values()) {
        ended += counts.of(fate);
      }
      int pending = desk.state().pendingCount() - desk.state().receiptCount();
      assertThat(counts.allAccepted()).as("I1").isEqualTo(ended + pending);
      assertThat(pending).isLessThanOrEqualTo(LIMITS.pendingMax());
    }

    /** Everything comes to its end, and every end that has to be told is told. */
    void settle() {
      for (int i = 0; i < 200 && (inFlight || desk.hasFacts() || !desk.state().isEmpty()); i++) {
        now += 20;
        desk.expire(now);
        if (inFlight) {
          commit();
        }
        write();
        if (inFlight) {
          commit();
        }
        if (!desk.isAttached() || random.nextInt(10) == 0) {
          attach();
        }
        offer();
        if (!inHand.isEmpty()) {
          desk.ack(epoch, inHand.stream().mapToLong(Long::longValue).toArray(), now);
          inHand.clear();
        }
        desk.receiptsDue(now + 100_000)
            .values()
            .forEach(
                lot -> {
                  lot.forEach(receipt -> receipts.add(receipt.place()));
                  desk.told(lot.stream().mapToLong(Letter.Receipt::place).toArray(), now);
                });
        check();
      }
      assertThat(desk.state().isEmpty()).as("nothing is left").isTrue();
      assertThat(fates.keySet()).as("each has a fate").isEqualTo(accepted.keySet());
    }
  }
}
