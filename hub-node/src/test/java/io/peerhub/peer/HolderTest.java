package io.peerhub.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.mail.Seat;
import io.peerhub.protocol.Identity;
import org.junit.jupiter.api.Test;

class HolderTest {
  private static final Seat SEAT = new Seat(null, 0);

  @Test
  void isKnownByTheIdThatItBroughtAndByTheOneThatItResumed() {
    Holder holder = Holder.of(attach("new", "old"), 1, null);
    assertThat(holder.isKnownAs("new")).isTrue();
    assertThat(holder.isKnownAs("old")).isTrue();
    assertThat(holder.isKnownAs("other")).isFalse();
  }

  @Test
  void nobodyIsKnownByNoId() {
    Holder holder = Holder.of(attach("new", ""), 1, null);
    assertThat(holder.isKnownAs("")).isFalse();
    assertThat(holder.isResumedBy(attach("next", ""))).isFalse();
    assertThat(holder.isResumedBy(attach("next", "new"))).isTrue();
  }

  @Test
  void whoWasFoundIsToldSoAndWhoWasAttachedIsToldTheSameAgain() {
    Peer.Attached answer = new Peer.Attached(1, null, null, false);
    assertThat(Holder.of(attach("s", ""), 1, answer).answerAgain(null)).isSameAs(answer);
    assertThat(Holder.of(SEAT, "s", 1).answerAgain(null)).isEqualTo(new Peer.Reattached(null));
  }

  @Test
  void beingAwayChangesNothingElse() {
    Holder holder = Holder.of(attach("new", "old"), 7, null);
    Holder gone = holder.gone();
    assertThat(gone.away()).isTrue();
    assertThat(gone.epoch()).isEqualTo(7);
    assertThat(gone.isKnownAs("old")).isTrue();
  }

  private static Peer.Attach attach(String sessionId, String resume) {
    return new Peer.Attach(new Identity("bob"), SEAT, sessionId, resume);
  }
}
