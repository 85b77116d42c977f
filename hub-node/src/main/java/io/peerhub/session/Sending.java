package io.peerhub.session;

import io.peerhub.delivery.DeliveryWindow;
import io.peerhub.delivery.RateLimit;
import io.peerhub.delivery.SendMarks;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Seat;
import io.peerhub.protocol.Address;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.util.Optional;

/**
 * The sending half of a session: takes each {@code send} once, routes it, and tells what became of
 * it. Belongs to its session and its loop's thread.
 *
 * <p>Guarantees that a repeat of a number has no effect and gets the answer of the first, and that
 * {@code from} is the identity that the session was authenticated for.
 */
final class Sending {
  private final Surroundings with;
  private final Identity from;
  private final Seat seat;
  private final RateLimit rate;
  private final SendMarks<HandOver.Answer> marks = new SendMarks<>();
  private Outlet outlet;
  // Most peers talk to few others, most of the time to the one before.
  private String lastTo = "";
  private Address lastAddress;

  Sending(Surroundings with, Identity from, Seat seat) {
    this.with = with;
    this.from = from;
    this.seat = seat;
    this.rate = new RateLimit(with.settings().sendsPerSecond(), with.settings().sendsBurst());
  }

  /** Answers go to this connection; null while there is none. */
  void connect(Outlet outlet) {
    this.outlet = outlet;
  }

  /** The counters of this session, for its successor. */
  HandOver.State state(String sessionId, Conversation conversation) {
    DeliveryWindow<Mail.Delivery> window = conversation.window();
    return new HandOver.State(
        sessionId,
        window.lastSeq(),
        window.ackedSeq(),
        window.keeps(),
        marks.received(),
        conversation.lost(),
        marks.remembered());
  }

  /** Goes on counting where the older session stopped. */
  void restore(HandOver.State older) {
    marks.restore(older.received());
    for (HandOver.Answer answer : older.answers()) {
      marks.answered(answer.n(), answer);
    }
  }

  long received() {
    return marks.received();
  }

  /** Takes one send, or refuses it. */
  void send(Frame.Send send, long now) {
    if (send.n() != 0) {
      switch (marks.place(send.n())) {
        case NEXT -> {}
        case REPEAT -> {
          repeat(send);
          return;
        }
        case HOLE -> {
          refuse(send, Refusal.OUT_OF_SEQUENCE, 0);
          return;
        }
      }
    }
    if (!rate.take(now)) {
      refuse(send, Refusal.TOO_FAST, rate.retryAfterMs(now));
      return;
    }
    switch (address(send.to())) {
      case null -> refuse(send, Refusal.BAD_NAME, 0);
      case Address.Peer peer -> toPeer(send, peer.identity());
      case Address.Devices devices -> toDevices(send, devices);
      case Address.Room room -> refuse(send, Refusal.WRONG_ADDRESS, 0);
      case Address.Service service -> refuse(send, Refusal.WRONG_ADDRESS, 0);
      case Address.Everybody all -> refuse(send, Refusal.WRONG_ADDRESS, 0);
    }
  }

  /** Asks who is there. It counts like a send: each question may wake a peer somewhere. */
  void ask(Frame.Ask ask, long now) {
    if (!rate.take(now)) {
      refuse(ask, Refusal.TOO_FAST, rate.retryAfterMs(now));
    } else if (ask.peer().isEmpty()) {
      refuse(ask, Refusal.WRONG_ADDRESS, 0);
    } else if (!Identity.isValid(ask.peer())) {
      refuse(ask, Refusal.BAD_NAME, 0);
    } else {
      with.peers().tell(new Peer.Ask(new Identity(ask.peer()), seat.session(), ask.id()));
    }
  }

  private void refuse(Frame.Ask ask, Refusal refusal, int retryAfterMs) {
    with.meters().refused(refusal);
    say(new Frame.Refuse(ask.id(), 0, ask.kind(), refusal.code(), refusal.reason(), retryAfterMs));
  }

  /** What became of a send at the receiver's side. Of several receivers the first one counts. */
  void answered(HandOver.Answer answer) {
    if (answer.refusalCode() == 0 && known(answer.n(), answer.id())) {
      return;
    }
    remember(answer);
    tell(answer, false);
  }

  private void toPeer(Frame.Send send, Identity to) {
    if (send.delivery() == DeliveryClass.CRITICAL) {
      refuse(send, Refusal.WRONG_ADDRESS, 0);
      return;
    }
    if (!with.identities().isKnown(to)) {
      refuse(send, Refusal.UNKNOWN_PEER, 0);
      return;
    }
    with.meters().count(Meter.ACCEPTED);
    Mail.Delivery message = delivery(send, to, "");
    with.probe().taken(message);
    with.routes().send(message);
  }

  private void toDevices(Frame.Send send, Address.Devices devices) {
    if (send.delivery() == DeliveryClass.CRITICAL) {
      refuse(send, Refusal.WRONG_ADDRESS, 0);
      return;
    }
    with.meters().count(Meter.ACCEPTED);
    with.routes()
        .sendToDevices(devices.name(), delivery(send, new Identity(devices.name()), send.to()));
  }

  private Mail.Delivery delivery(Frame.Send send, Identity to, String addressed) {
    return new Mail.Delivery(
        to,
        from,
        addressed,
        send.body(),
        send.id(),
        send.delivery(),
        send.re(),
        with.clock().millis(),
        ttlMs(send.ttlMs()),
        send.headers(),
        send.confirm(),
        send.n(),
        seat);
  }

  private int ttlMs(int asked) {
    int longest = (int) with.settings().liveTtl().toMillis();
    return asked == 0 ? longest : Math.min(asked, longest);
  }

  private Address address(String to) {
    if (!to.equals(lastTo)) {
      Optional<Address> address = Address.parse(to);
      lastAddress = address.orElse(null);
      lastTo = to;
    }
    return lastAddress;
  }

  private void repeat(Frame.Send send) {
    HandOver.Answer answer = marks.answer(send.n());
    if (answer != null) {
      tell(answer, true);
    }
  }

  private void refuse(Frame.Send send, Refusal refusal, int retryAfterMs) {
    HandOver.Answer answer =
        HandOver.Answer.of(new Mail.Refused(send.id(), send.n(), refusal, retryAfterMs));
    remember(answer);
    tell(answer, false);
  }

  private void tell(HandOver.Answer answer, boolean again) {
    String id = answer.id();
    long n = answer.n();
    if (answer.refusalCode() == 0) {
      say(new Frame.Confirm(id, n, answer.status(), again));
      return;
    }
    Refusal refusal = Refusal.ofCode(answer.refusalCode());
    if (!again) {
      with.meters().refused(refusal);
    }
    String kind = id.isEmpty() && n == 0 ? "send" : "";
    int retryAfterMs = answer.retryAfterMs();
    say(new Frame.Refuse(id, n, kind, refusal.code(), refusal.reason(), retryAfterMs));
  }

  private void say(Frame.FromHub frame) {
    if (outlet != null) {
      outlet.send(frame);
    }
  }

  private void remember(HandOver.Answer answer) {
    if (answer.n() != 0) {
      marks.answered(answer.n(), answer);
    }
  }

  private boolean known(long n, String id) {
    HandOver.Answer answer = n == 0 ? null : marks.answer(n);
    return answer != null && answer.refusalCode() == 0 && answer.id().equals(id);
  }
}
