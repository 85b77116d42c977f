package io.peerhub.session;

import io.peerhub.delivery.Loss;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Frame;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;

/**
 * What a new session makes of what an older one has handed over: goes on with it if it was asked to
 * and that is proven to be whole, or begins anew, tells what is missing, and takes what was never
 * written.
 */
final class Inheritance {
  private static final String NOT_KEPT = "not kept until the resume";

  private final Frame.Resume resume;
  private final Taking taking;
  private final Taking.Outcome outcome;

  /**
   * Judges the hand-over.
   *
   * @param attached what the peer's actor said of the older session
   */
  Inheritance(Terms terms, Peer.Attached attached, Taking taking, Meters meters) {
    this.resume = terms.resume().orElse(null);
    this.taking = taking;
    this.outcome = judge(attached);
    if (resume != null) {
      meters.count(outcome.resumed() ? Meter.SESSIONS_RESUMED : Meter.RESUMES_FAILED);
    }
    if (!outcome.resumed()) {
      meters.count(Meter.SESSIONS_OPENED);
    }
  }

  private Taking.Outcome judge(Peer.Attached attached) {
    if (resume == null) {
      return attached.previous() == null
          ? new Taking.Outcome(false, Taking.Outcome.NO_GAP)
          : taking.begin();
    }
    return attached.resumes()
        ? taking.resume(resume.session(), resume.received())
        : new Taking.Outcome(false, Taking.Outcome.UNKNOWN);
  }

  boolean resumed() {
    return outcome.resumed();
  }

  /** Before the welcome: the numbers of the older session go on, its unacknowledged are ours. */
  void restore(Conversation conversation, Sending sending) {
    if (!resumed()) {
      return;
    }
    HandOver.State older = taking.state();
    sending.restore(older);
    conversation.window().restore(older.lastSeq(), older.ackedSeq());
    for (HandOver.Unacknowledged written : taking.written()) {
      conversation.window().keep(written.seq(), written.attempt(), written.delivery());
    }
    conversation.ack(resume.received());
  }

  /** The critical messages whose answers are owed by the session that goes on. */
  List<HandOver.Unposted> unposted() {
    return resumed() ? taking.unposted() : List.of();
  }

  /** The rooms that go on; a session that begins anew joins anew. */
  List<HandOver.Stay> stays() {
    return resumed() ? taking.stays() : List.of();
  }

  /**
   * Behind the welcome: what is missing, what is repeated, what waited.
   *
   * @param backlogs where what waited had its room until now
   */
  void follow(Conversation conversation, Backlogs backlogs, boolean connected) {
    if (outcome.gap() != Taking.Outcome.NO_GAP) {
      if (connected) {
        conversation.gap(outcome.gap(), NOT_KEPT);
      } else {
        conversation.lost(new Loss(outcome.gap(), NOT_KEPT));
      }
    }
    if (!resumed()) {
      taking.written().forEach(written -> goOn(written, conversation));
    } else if (connected) {
      conversation.replay();
    }
    for (HandOver.Waiting waiting : taking.waiting()) {
      backlogs.release(waiting.weight());
      conversation.enqueue(waiting.delivery());
    }
  }

  /** Written to a session that could not be resumed: again, unless its peer has processed it. */
  private void goOn(HandOver.Unacknowledged written, Conversation conversation) {
    boolean isProcessed = written.seq() <= taking.processed(resume.received());
    switch (written) {
      case HandOver.Written live when !isProcessed -> conversation.repeat(live.delivery());
      case HandOver.Written live -> conversation.processed(live.delivery());
      // Its mailbox gives it to this session again, or hears that it is processed.
      case HandOver.WrittenLetter letter when isProcessed ->
          conversation.letters().processed(letter.delivery());
      case HandOver.WrittenLetter letter -> {}
    }
  }
}
