package io.peerhub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Identity;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final Identity VICTIM = new Identity("victim");
  private static final String HOME = "192.0.2.1";
  private static final String ELSEWHERE = "198.51.100.7";

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final BackOff backOff = backOff(1000);

  private BackOff backOff(int remembered) {
    BackOffSettings settings =
        new BackOffSettings(
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            20,
            2,
            remembered);
    return new BackOff(settings, nanos::get);
  }

  @Test
  void afterTheFreeOnesEachFailureDoublesTheWaitUpToTheLongest() {
    fail(VICTIM, HOME, 4);
    for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
      assertThat(backOff.mayTry(VICTIM, HOME)).isFalse();
      pass(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(backOff.mayTry(VICTIM, HOME)).as("before " + seconds).isFalse();
      pass(Duration.ofMillis(1));
      fail(VICTIM, HOME, 1);
    }
  }

  @Test
  void whatIsDoneUnderANameFromElsewhereDoesNotTouchItsOwner() {
    for (int i = 0; i < 10_000; i++) {
      if (backOff.mayTry(VICTIM, ELSEWHERE)) {
        backOff.failed(ELSEWHERE);
      }
      pass(Duration.ofMillis(10));
    }
    assertThat(backOff.mayTry(VICTIM, ELSEWHERE)).isFalse();
    assertThat(backOff.mayTry(VICTIM, HOME)).isTrue();
  }

  @Test
  void manyTriesAtOnceAreNoWayAround() {
    int looked = 0;
    for (int i = 0; i < 100; i++) {
      looked += backOff.mayTry(VICTIM, HOME) ? 1 : 0;
    }
    assertThat(looked).isEqualTo(4);
  }

  @Test
  void aRightProofEndsTheWaitAndOneThatCouldNotBeJudgedDoesNotCount() {
    fail(VICTIM, HOME, 3);
    assertThat(backOff.mayTry(VICTIM, HOME)).isTrue();
    backOff.proven(VICTIM, HOME);
    fail(VICTIM, HOME, 3);
    for (int i = 0; i < 100; i++) {
      assertThat(backOff.mayTry(VICTIM, HOME)).isTrue();
      backOff.excuse(VICTIM, HOME);
    }
  }

  @Test
  void whoTriesManyNamesWaitsAndTheHonestNeighbourDoesNot() {
    backOff.mayTry(VICTIM, HOME);
    backOff.proven(VICTIM, HOME);
    int looked = 0;
    for (int i = 0; i < 1000; i++) {
      Identity guess = new Identity("guess-" + i);
      if (backOff.mayTry(guess, HOME)) {
        looked++;
        backOff.failed(HOME);
      }
    }
    assertThat(looked).isEqualTo(20);
    assertThat(backOff.mayTry(VICTIM, HOME)).as("has come from here before").isTrue();
    assertThat(backOff.mayTry(new Identity("other"), ELSEWHERE)).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(backOff.mayTry(new Identity("late"), HOME)).isTrue();
  }

  @Test
  void aNetworkOfIpv6IsOneAddress() {
    fail(VICTIM, "2001:db8:1:2::1", 4);
    assertThat(backOff.mayTry(VICTIM, "2001:db8:1:2:ffff::9")).isFalse();
    assertThat(backOff.mayTry(VICTIM, "2001:db8:1:3::1")).isTrue();
  }

  @Test
  void whatIsLongPastIsForgottenAndOldEntriesMakeRoom() {
    fail(VICTIM, HOME, 4);
    pass(Duration.ofSeconds(61));
    fail(VICTIM, HOME, 3);
    assertThat(backOff.mayTry(VICTIM, HOME)).isTrue();

    BackOff small = backOff(10);
    small.mayTry(VICTIM, HOME);
    small.proven(VICTIM, HOME);
    for (int i = 0; i < 1000; i++) {
      small.mayTry(new Identity("n" + i), "203.0.113." + i % 250);
      small.failed(HOME);
    }
    assertThat(small.mayTry(VICTIM, HOME)).as("no failure pushes it out").isTrue();
  }

  private void fail(Identity identity, String address, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(backOff.mayTry(identity, address)).as("try " + i).isTrue();
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
