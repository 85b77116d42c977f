package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final Inbox inbox = new Inbox();

  private void arrive(Frame.Message message) {
    if (inbox.receive(message.seq())) {
      inbox.add(message.seq(), message);
    }
  }

  private void arriveLive(long... seqs) {
    for (long seq : seqs) {
      arrive(FakeHub.message(seq, "m"));
    }
  }

  private void handleNext() {
    inbox.done(inbox.next());
  }

  private void rejectNext() {
    Inbox.Item item = inbox.next();
    inbox.rejected(item, new Frame.Reject(item.seq(), "broken", false));
  }

  @Test
  void acknowledgesWhatWasHandledAndNothingElse() {
    arriveLive(1, 2, 3);
    handleNext();
    Inbox.Item running = inbox.next();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(1));
    assertThat(inbox.nextAck()).isEmpty();
    inbox.done(running);
    handleNext();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(3));
  }

  @Test
  void dropsWhatItHasAndAcknowledgesItAgain() {
    arriveLive(1, 2);
    handleNext();
    handleNext();
    inbox.nextAck();
    assertThat(inbox.receive(2)).isFalse();
    assertThat(inbox.hasNext()).isFalse();
    assertThat(inbox.nextAck()).as("the ack may be what got lost").contains(new Frame.Ack(2));
  }

  @Test
  void takesAHoleForWhatItIsSinceWhatExpiredLeavesOne() {
    arriveLive(1, 5);
    handleNext();
    handleNext();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(5));
  }

  @Test
  void whatNeedsNoHandlerCountsWhenItsTurnComes() {
    arriveLive(1);
    inbox.receive(2);
    inbox.addHandled(2);
    arriveLive(3);
    assertThat(inbox.nextAck()).isEmpty();
    handleNext();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(2));
    assertThat(inbox.next().seq()).isEqualTo(3);
  }

  @Test
  void aRejectGoesOutBeforeTheAckThatWouldCoverIt() {
    arriveLive(1, 2);
    rejectNext();
    handleNext();
    assertThat(inbox.nextAck()).isEmpty();
    assertThat(inbox.nextReject().seq()).isEqualTo(1);
    assertThat(inbox.nextReject()).isNull();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(2));
  }

  @Test
  void resumesBelowARejectUntilTheHubIsKnownToHaveIt() {
    arriveLive(1, 2, 3);
    handleNext();
    rejectNext();
    handleNext();
    assertThat(inbox.resumePoint()).as("not written").isEqualTo(1);
    inbox.nextReject();
    assertThat(inbox.resumePoint()).as("written, not proven").isEqualTo(1);
    inbox.resumed(1);
    assertThat(inbox.nextReject().seq()).as("said again").isEqualTo(2);
    assertThat(inbox.nextAck()).contains(new Frame.Ack(3));
    inbox.rejectsProven(inbox.rejectsWritten());
    assertThat(inbox.resumePoint()).isEqualTo(3);
  }

  @Test
  void aLiveMessageThatIsBeingHandledIsNotAskedForAgainButACriticalOneIs() {
    arriveLive(1);
    arrive(FakeHub.critical(2, "c"));
    Inbox.Item live = inbox.next();
    assertThat(inbox.resumePoint()).isEqualTo(1);
    inbox.done(live);
    inbox.next();
    assertThat(inbox.resumePoint()).isEqualTo(1);
  }

  @Test
  void aNewSessionBeginsItsNumbersAnewAndIsNotAcknowledgedByTheOldOne() {
    arriveLive(1, 2);
    arrive(FakeHub.critical(3, "c"));
    Inbox.Item old = inbox.next();
    assertThat(inbox.restarted()).as("live ones that wait; critical ones come again").isEqualTo(1);
    inbox.rejected(old, new Frame.Reject(1, "broken", false));
    assertThat(inbox.nextReject()).isNull();
    assertThat(inbox.nextAck()).isEmpty();
    arriveLive(1);
    handleNext();
    assertThat(inbox.nextAck()).contains(new Frame.Ack(1));
  }
}
