package io.peerhub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.cluster.Founding.Decision;
import io.peerhub.cluster.Founding.Found;
import io.peerhub.cluster.Founding.Join;
import io.peerhub.cluster.Founding.LookAgain;
import io.peerhub.persistence.rendezvous.Sighting;
import io.peerhub.persistence.rendezvous.Sighting.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FoundingTest {
  private static final String SELF = "pekko://peerhub@127.0.0.1:1";
  private static final String OTHER = "pekko://peerhub@127.0.0.1:2";
  private static final String THIRD = "pekko://peerhub@127.0.0.1:3";
  private static final UUID CLUSTER = UUID.randomUUID();
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration FRESH = Duration.ofMillis(300);
  private static final Duration OLD = Duration.ofMinutes(5);

  private final Founding founding = new Founding(SELF, INTERVAL);
  private final UUID other = UUID.randomUUID();
  private final UUID third = UUID.randomUUID();
  private long now = Long.MAX_VALUE - 1_000; // Wherever it starts, it may wrap.

  @Test
  void foundsAtOnceWhereNobodyEverWasAndNobodyElseMay() {
    assertThat(look(true)).isInstanceOf(Found.class);
  }

  @Test
  void foundsNothingWhileSomebodyElseMay() {
    for (int i = 0; i < 100; i++) {
      assertThat(look(false)).isInstanceOf(LookAgain.class);
      pass(INTERVAL);
    }
  }

  @Test
  void joinsWhoeverSaysHeIsThere() {
    assertThat(look(true, row(other, OTHER, 7, FRESH), row(third, THIRD, 1, FRESH)))
        .isEqualTo(new Join(CLUSTER, List.of(OTHER, THIRD)));
    assertThat(new Founding(SELF, INTERVAL).decide(sighting(false, row(other, OTHER, 7, FRESH)), 0))
        .isEqualTo(new Join(CLUSTER, List.of(OTHER)));
  }

  @Test
  void joinsOnlyThoseThatLive() {
    look(true, row(other, OTHER, 7, OLD), row(third, THIRD, 1, OLD));
    pass(INTERVAL);
    assertThat(look(true, row(other, OTHER, 7, OLD), row(third, THIRD, 2, FRESH)))
        .isEqualTo(new Join(CLUSTER, List.of(THIRD)));
  }

  @Test
  void watchesThreeIntervalsUnderTheLockBeforeItTakesAnybodyForDead() {
    Row dead = row(other, OTHER, 7, OLD);
    look(false, dead);
    pass(INTERVAL.multipliedBy(10));
    // What was seen without the lock may have been followed by a founding.
    assertThat(look(true, dead)).isInstanceOf(LookAgain.class);
    pass(INTERVAL.multipliedBy(3).minusNanos(1));
    assertThat(look(true, dead)).isInstanceOf(LookAgain.class);
    pass(Duration.ofNanos(1));
    assertThat(look(true, dead)).isInstanceOf(Found.class);
  }

  @Test
  void beginsAnewWhenTheLockWasLost() {
    Row dead = row(other, OTHER, 7, OLD);
    look(true, dead);
    pass(INTERVAL.multipliedBy(2));
    look(false, dead);
    pass(INTERVAL.multipliedBy(2));
    assertThat(look(true, dead)).isInstanceOf(LookAgain.class);
  }

  @Test
  void believesNoClockButItsOwn() {
    // The database's clock was set back: the row will look fresh for an hour.
    Row dead = row(other, OTHER, 7, Duration.ofHours(-1));
    assertThat(look(true, dead)).isInstanceOf(Join.class);
    pass(INTERVAL.multipliedBy(3));
    assertThat(look(true, dead)).isInstanceOf(Found.class);
  }

  @Test
  void isConvincedByOneRenewalHoweverOldItsTime() {
    // The database's clock was set forward: the row looks old though it is renewed.
    for (int i = 0; i < 20; i++) {
      Decision decision = look(true, row(other, OTHER, i, OLD));
      assertThat(decision).isInstanceOf(i == 0 ? LookAgain.class : Join.class);
      pass(INTERVAL);
    }
  }

  @Test
  void takesWhatElseHasItsAddressForDead() {
    assertThat(look(true, row(other, SELF, 7, FRESH))).isInstanceOf(Found.class);
    assertThat(look(true, row(other, SELF, 7, FRESH), row(third, THIRD, 1, FRESH)))
        .isEqualTo(new Join(CLUSTER, List.of(THIRD)));
  }

  @Test
  void foundsWhenThoseItWantedToJoinHaveDied() {
    List<Class<?>> decisions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      decisions.add(look(true, row(other, OTHER, 7, FRESH.plusSeconds(i))).getClass());
      pass(INTERVAL);
    }
    assertThat(decisions)
        .containsExactly(Join.class, Join.class, Join.class, Found.class, Found.class);
  }

  private Decision look(boolean locked, Row... rows) {
    return founding.decide(sighting(locked, rows), now);
  }

  private static Sighting sighting(boolean locked, Row... rows) {
    return new Sighting(CLUSTER, List.of(rows), locked);
  }

  private static Row row(UUID incarnation, String address, long renewals, Duration age) {
    return new Row(incarnation, address, "1", renewals, age);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
