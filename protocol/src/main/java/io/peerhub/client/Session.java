package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The session as this side knows it: what goes out next, and what a frame or a {@code welcome}
 * changes. It outlives its connections.
 *
 * <p>Pure: no clock, no lock, no thread. Times are nanoseconds of one monotonic clock.
 */
final class Session {
  /** So many sends, or bytes of them, without a word of the hub, and it is asked (see marks). */
  private static final int SENDS_A_MARK = 512;

  private static final int BYTES_A_MARK = 256 << 10;

  /** The most that is written at once, so that a pong never waits behind more. */
  private static final int SENDS_A_BATCH = 1_024;

  private static final int BYTES_A_BATCH = 64 << 10;

  /** The largest window of the protocol: a hub that sends more ahead is not to be followed. */
  private static final int WINDOW_MAX = 10_000;

  /** How many signs of life wait at most. */
  private static final int CONTROLS_MAX = 64;

  /** What a hello says, and what a resume by it rests on. */
  record Opening(Optional<Frame.Resume> resume, long resumePoint) {}

  final Outbox outbox;
  final Inbox inbox = new Inbox();
  final Requests requests;
  private final Notices notices;
  private final Marks marks = new Marks();
  private final ArrayDeque<Frame> controls = new ArrayDeque<>();
  private String id = "";
  private int maxFrame;
  private int sendsSinceMark;
  private long bytesSinceMark;
  private long sent;
  private long received;
  private long repeated;
  private long rejected;
  private long lateAnswers;
  private long connections;

  /**
   * @param secret what nobody can guess: what the ids of requests begin with
   */
  Session(ClientSettings.Limits limits, Notices notices, String secret) {
    this.outbox = new Outbox(limits, notices::settled);
    this.requests = new Requests(secret, limits.requestsMax());
    this.notices = notices;
  }

  /** How to open the next connection. */
  Opening opening() {
    long point = inbox.resumePoint();
    return new Opening(
        id.isEmpty() ? Optional.empty() : Optional.of(new Frame.Resume(id, point)), point);
  }

  /**
   * A connection that was opened so is welcome.
   *
   * @return how many live messages were received and are lost with the old session
   */
  int welcomed(Opening opening, Frame.Welcome welcome) {
    connections++;
    id = welcome.session();
    maxFrame = welcome.maxFrame() == 0 ? Integer.MAX_VALUE : welcome.maxFrame();
    marks.clear();
    controls.clear();
    sendsSinceMark = 0;
    bytesSinceMark = 0;
    for (Requests.Pending pending : requests.all()) {
      if (pending.ask() != null) {
        controls.add(pending.ask());
      }
    }
    if (welcome.resumed() && opening.resume().isPresent()) {
      outbox.resumed(welcome.received());
      inbox.resumed(opening.resumePoint());
      return 0;
    }
    outbox.restarted();
    return inbox.restarted();
  }

  /** Adds to a batch what is to be written now: signs of life, rejects, the ack, sends, a mark. */
  void fill(List<Frame> batch, long now) {
    batch.addAll(controls);
    controls.clear();
    for (Frame reject = inbox.nextReject(); reject != null; reject = inbox.nextReject()) {
      batch.add(reject);
    }
    inbox.nextAck().ifPresent(batch::add);
    long bytes = 0;
    for (int i = 0; i < SENDS_A_BATCH && bytes < BYTES_A_BATCH; i++) {
      Frame.Send send = outbox.next(now, maxFrame);
      if (send == null) {
        break;
      }
      batch.add(send);
      bytes += send.body().size();
      sendsSinceMark++;
      sent++;
    }
    bytesSinceMark += bytes;
    if ((sendsSinceMark >= SENDS_A_MARK || bytesSinceMark >= BYTES_A_MARK)
        && !marks.isOutstanding()) {
      batch.add(mark());
    }
  }

  /** Asks for a sign of life, and so for what the hub has taken. */
  void ask() {
    controls.add(mark());
  }

  /** Asks for what the hub has taken, if that is unknown and was not asked yet. */
  void askIfUnsure() {
    if ((outbox.hasUntaken() || inbox.hasUnprovenRejects()) && !marks.isOutstanding()) {
      ask();
    }
  }

  private Frame.Ping mark() {
    sendsSinceMark = 0;
    bytesSinceMark = 0;
    Marks.Mark mark = marks.set(outbox.lastN(), inbox.rejectsWritten());
    return new Frame.Ping(mark.t(), Map.of());
  }

  /** Takes one frame of the hub. What concerns the connection alone is no matter of the session. */
  void received(Frame.FromHub frame) {
    switch (frame) {
      case Frame.Message message -> onMessage(message);
      case Frame.Receipt receipt -> onNumbered(receipt.seq(), receipt);
      case Frame.Confirm confirm -> outbox.answered(confirm);
      case Frame.Refuse refuse -> onRefuse(refuse);
      case Frame.Ping ping -> onPing(ping);
      case Frame.Pong pong -> onPong(pong.t());
      case Frame.Presence presence -> onPresence(presence);
      case Frame.Gap gap -> notices.gap(gap);
      case Frame.Ack journaled -> {} // nothing of ours hangs on it: acks are cumulative
      case Frame.Done done -> {} // answers commands that this client does not send
      case Frame.Goaway goaway -> {} // the connection has told its conductor
      case Frame.Challenge challenge -> {} // belongs before the welcome: no harm here
      case Frame.Welcome welcome -> {} // likewise
      case Frame.Error error -> {} // the connection ends with it
    }
  }

  private void onMessage(Frame.Message message) {
    if (!message.re().startsWith(Requests.PREFIX)) {
      onNumbered(message.seq(), message);
      return;
    }
    if (!isNew(message.seq())) {
      return;
    }
    Optional<Requests.Pending> pending = requests.answeredBy(message);
    if (pending.isPresent()) {
      notices.answered(pending.get(), message);
    } else {
      lateAnswers++;
    }
    inbox.addHandled(message.seq());
  }

  private void onNumbered(long seq, Frame.FromHub frame) {
    if (isNew(seq)) {
      inbox.add(seq, frame);
    }
  }

  private boolean isNew(long seq) {
    if (inbox.unhandled() > WINDOW_MAX) {
      throw new RefusedException(Refusal.TOO_MANY, "the hub sends without waiting for acks");
    }
    boolean isNew = inbox.receive(seq);
    if (isNew) {
      received++;
    } else {
      repeated++;
    }
    return isNew;
  }

  private void onRefuse(Frame.Refuse refuse) {
    RefusedException refusal = RefusedException.of(refuse);
    RuntimeException failure =
        refuse.code() == Refusal.OUTCOME_UNKNOWN.code()
            ? new UnconfirmedException(refuse.reason())
            : refusal;
    if (outbox.refused(refuse.n(), failure)) {
      return;
    }
    requests
        .remove(refuse.id())
        .ifPresentOrElse(
            pending -> notices.failed(pending, failure), () -> notices.refused(refusal));
  }

  private void onPresence(Frame.Presence presence) {
    requests
        .remove(presence.id())
        .ifPresentOrElse(
            pending -> notices.answered(pending, presence), () -> notices.presence(presence));
  }

  /** A hub that asks faster than we can write gets only so many answers. */
  private void onPing(Frame.Ping ping) {
    if (controls.size() < CONTROLS_MAX) {
      controls.add(new Frame.Pong(ping.t(), stats().toMap()));
    }
  }

  private void onPong(long t) {
    marks
        .reached(t)
        .ifPresent(
            mark -> {
              outbox.taken(mark.n());
              inbox.rejectsProven(mark.rejects());
            });
  }

  /** An ask is never left out: its number is bounded where it is made. */
  void ask(Frame.Ask ask) {
    controls.add(ask);
  }

  /** Whether something ages, or waits for a word of the hub that has to be asked for. */
  boolean isUnsure() {
    return !outbox.isIdle() || inbox.hasRejects() || inbox.hasUnprovenRejects();
  }

  /** Whether there is nothing that the hub does not know. */
  boolean isSettled() {
    return !isUnsure() && !inbox.isAckDue();
  }

  /** Whether there may be something to write. */
  boolean wantsToWrite() {
    return !controls.isEmpty() || outbox.waiting() > 0;
  }

  /** An item was handled, or is rejected. */
  void handled(Inbox.Item item, Optional<Frame.Reject> reject) {
    if (reject.isPresent()) {
      rejected++;
      inbox.rejected(item, reject.get());
    } else {
      inbox.done(item);
    }
  }

  ClientStats stats() {
    return new ClientStats(
        sent,
        received,
        repeated,
        rejected,
        notices.dropped(),
        lateAnswers,
        notices.notifier().failures(),
        connections,
        outbox.waiting(),
        outbox.unanswered(),
        inbox.unhandled());
  }
}
