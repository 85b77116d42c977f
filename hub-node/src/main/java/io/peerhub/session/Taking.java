package io.peerhub.session;

import io.peerhub.mail.Mail;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What has come so far of a hand-over. Pure. */
final class Taking {
  /**
   * What a hand-over amounts to.
   *
   * @param resumed whether the session goes on whole
   * @param gap what has to be told as missing: a count, 0 for "unknown how many", -1 for nothing
   */
  record Outcome(boolean resumed, long gap) {
    static final long NO_GAP = -1;
    static final long UNKNOWN = 0;
  }

  private HandOver.State state;
  private HandOver.End end;
  private long refused;
  private final List<HandOver.Unacknowledged> written = new ArrayList<>();
  private final List<HandOver.Waiting> waiting = new ArrayList<>();
  private final List<HandOver.Stay> stays = new ArrayList<>(0);
  private final List<HandOver.Unposted> unposted = new ArrayList<>(0);

  /** Takes the next piece. */
  void add(HandOver piece) {
    switch (piece) {
      case HandOver.State counters -> state = counters;
      case HandOver.Unacknowledged delivery -> written.add(delivery);
      case HandOver.Waiting message -> waiting.add(message);
      case HandOver.Stay stay -> stays.add(stay);
      case HandOver.Unposted posting -> unposted.add(posting);
      case HandOver.Pending pending -> {}
      case HandOver.End last -> end = last;
    }
  }

  /** There was no room here for a message that waited. */
  void refuse() {
    refused++;
  }

  /** Whether the last piece has come. */
  boolean ended() {
    return end != null;
  }

  private boolean whole() {
    return state != null
        && end != null
        && end.messages() == written.size() + waiting.size() + refused;
  }

  /** All messages that have come, in order. */
  List<Mail.Delivery> messages() {
    return Stream.concat(written.stream(), waiting.stream())
        .filter(Mail.Envelope.class::isInstance)
        .map(piece -> ((Mail.Envelope) piece).enclosed())
        .toList();
  }

  /** The counters of the older session; null if they never came. */
  HandOver.State state() {
    return state;
  }

  List<HandOver.Unacknowledged> written() {
    return written;
  }

  List<HandOver.Waiting> waiting() {
    return waiting;
  }

  /**
   * Judges a resume: whole only if that is proven by the numbers of both sides.
   *
   * @param session the id that the peer asked to go on with
   * @param received the highest seq that the peer says it has processed
   */
  Outcome resume(String session, long received) {
    if (!whole() || !state.sessionId().equals(session) || received > state.lastSeq()) {
      return new Outcome(false, Outcome.UNKNOWN);
    }
    // With ack: auto nothing is kept, so that whatever the peer has not seen is gone.
    long kept = state.clientAcks() ? state.ackedSeq() : state.lastSeq();
    long missing = Math.max(0, kept - received) + lost();
    return missing == 0 ? new Outcome(true, Outcome.NO_GAP) : new Outcome(false, missing);
  }

  /** Up to which seq the peer has processed: what was never written cannot have been. */
  long processed(long received) {
    return state == null || received > state.lastSeq() ? 0 : received;
  }

  List<HandOver.Unposted> unposted() {
    return unposted;
  }

  List<HandOver.Stay> stays() {
    return stays;
  }

  /** Judges a takeover by a peer that did not ask to go on: only what was dropped is missing. */
  Outcome begin() {
    if (!whole()) {
      return new Outcome(false, Outcome.UNKNOWN);
    }
    return new Outcome(false, lost() > 0 ? lost() : Outcome.NO_GAP);
  }

  /** Messages that were dropped on either side and have not been told to the peer. */
  private long lost() {
    return state.lost() + end.lost() + refused;
  }
}
