package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.session.Taking.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakingTest {
  private static final Outcome WHOLE = new Outcome(true, Outcome.NO_GAP);
  private static final Outcome UNKNOWN = new Outcome(false, Outcome.UNKNOWN);

  private final Taking taking = new Taking();

  @Test
  void isWholeIfThePeerHasSeenAllThatIsNotKept() {
    give(state(10, 7, true, 0), 3);
    assertThat(taking.resume("s", 7)).isEqualTo(WHOLE);
    assertThat(taking.resume("s", 10)).isEqualTo(WHOLE);
  }

  @Test
  void withoutAcksOnlyTheLastOneWrittenWillDo() {
    give(state(10, 10, false, 0), 0);
    assertThat(taking.resume("s", 10)).isEqualTo(WHOLE);
    assertThat(taking.resume("s", 8)).isEqualTo(new Outcome(false, 2));
  }

  @Test
  void whatThePeerAcknowledgedAndSaysItHasNotSeenIsMissing() {
    give(state(10, 7, true, 0), 3);
    assertThat(taking.resume("s", 5)).isEqualTo(new Outcome(false, 2));
  }

  @Test
  void whatWasDroppedIsMissingToo() {
    give(state(10, 10, true, 4), 0);
    assertThat(taking.resume("s", 10)).isEqualTo(new Outcome(false, 4));
    assertThat(taking.resume("s", 9)).isEqualTo(new Outcome(false, 5));
  }

  @Test
  void anotherSessionProvesNothing() {
    give(state(10, 10, true, 0), 0);
    assertThat(taking.resume("t", 10)).isEqualTo(UNKNOWN);
  }

  @Test
  void aNumberThatWasNeverWrittenProvesNothing() {
    give(state(10, 5, true, 0), 5);
    assertThat(taking.resume("s", 11)).isEqualTo(UNKNOWN);
    assertThat(taking.processed(11)).isZero();
    assertThat(taking.processed(6)).isEqualTo(6);
  }

  @Test
  void aHandOverThatBrokeOffProvesNothing() {
    taking.add(state(10, 10, true, 0));
    assertThat(taking.ended()).isFalse();
    assertThat(taking.resume("s", 10)).isEqualTo(UNKNOWN);
    assertThat(taking.begin()).isEqualTo(UNKNOWN);
  }

  @Test
  void piecesThatAreMissingAreSeen() {
    taking.add(state(10, 10, true, 0));
    taking.add(new HandOver.End(1));
    assertThat(taking.ended()).isTrue();
    assertThat(taking.resume("s", 10)).isEqualTo(UNKNOWN);
  }

  @Test
  void anEndWithoutABeginningProvesNothing() {
    taking.add(new HandOver.End(0));
    assertThat(taking.resume("s", 0)).isEqualTo(UNKNOWN);
    assertThat(taking.processed(3)).isZero();
  }

  @Test
  void whoBeginsAnewMissesOnlyWhatWasDropped() {
    give(state(10, 3, true, 0), 0);
    assertThat(taking.begin()).isEqualTo(new Outcome(false, Outcome.NO_GAP));
    Taking second = new Taking();
    second.add(state(10, 3, true, 6));
    second.add(new HandOver.End(0));
    assertThat(second.begin()).isEqualTo(new Outcome(false, 6));
  }

  private void give(HandOver.State state, int written) {
    taking.add(state);
    for (int i = 0; i < written; i++) {
      taking.add(new HandOver.Written(state.ackedSeq() + 1 + i, 1, null));
    }
    taking.add(new HandOver.End(written));
  }

  private static HandOver.State state(long last, long acked, boolean acks, long lost) {
    return new HandOver.State("s", last, acked, acks, 0, lost, List.of());
  }
}
