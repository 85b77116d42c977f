package io.peerhub.session;

import io.peerhub.delivery.Letter;
import io.peerhub.delivery.RateLimit;
import io.peerhub.delivery.SendMarks;
import io.peerhub.identity.Rights;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Address;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.routing.Guest;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The sending half of a session: takes each {@code send} once, routes it, and tells what became of
 * it. Belongs to its session and its loop's thread.
 *
 * <p>Guarantees that a repeat of a number has no effect and gets the answer of the first, that
 * {@code from} is the identity that the session was authenticated for, and that nothing leaves it
 * which the peer's rights do not allow: whether the receiver exists is not told before that.
 */
final class Sending {
  private final Surroundings with;
  private final Identity from;
  private final Seat seat;
  private final RateLimit rate;
  private final Rights rights;
  private final Postings postings;
  private final SendMarks<HandOver.Answer> marks = new SendMarks<>();
  private final Line line;
  // Most peers talk to few others, most of the time to the one before.
  private String lastTo = "";
  private Address lastAddress;
  private boolean lastIsAllowed;

  /**
   * @param line to the peer, for answers
   * @param labels of the peer's device, which rules may speak of
   * @param epoch of the session
   * @param risingIds whether the peer names its critical messages in rising order
   */
  Sending(
      Surroundings with,
      Line line,
      Identity from,
      Map<String, String> labels,
      Seat seat,
      long epoch,
      boolean risingIds) {
    this.with = with;
    this.line = line;
    this.from = from;
    this.seat = seat;
    this.rate = new RateLimit(with.settings().sendsPerSecond(), with.settings().sendsBurst());
    this.rights = with.permissions().of(from, labels);
    this.postings = new Postings(with, from, epoch, risingIds, seat.session(), this::answered);
  }

  /** The critical messages that wait for their mailboxes. */
  Postings postings() {
    return postings;
  }

  /** What the peer may do. */
  Rights rights() {
    return rights;
  }

  /** What the last sends were answered, for repeats. */
  List<HandOver.Answer> remembered() {
    return marks.remembered();
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
    Address address = address(send.to());
    if (address != null && !lastIsAllowed) {
      refuse(send, Refusal.NOT_ALLOWED, 0);
      return;
    }
    switch (address) {
      case null -> refuse(send, Refusal.BAD_NAME, 0);
      case Address.Peer peer -> toPeer(send, peer.identity());
      case Address.Devices devices -> toDevices(send, devices);
      case Address.Room room -> toRoom(send, room.name());
      case Address.Service service -> refuse(send, Refusal.WRONG_ADDRESS, 0);
      case Address.Everybody all -> refuse(send, Refusal.WRONG_ADDRESS, 0);
    }
  }

  /** Asks who is there. It counts like a send: each question may wake a peer somewhere. */
  void ask(Frame.Ask ask, Guest asking, long now) {
    if (!rate.take(now)) {
      refuse(ask, Refusal.TOO_FAST, rate.retryAfterMs(now));
    } else if (ask.peer().isEmpty()) {
      askRoom(ask, asking);
    } else if (!Identity.isValid(ask.peer())) {
      refuse(ask, Refusal.BAD_NAME, 0);
    } else {
      askPeer(ask, new Identity(ask.peer()));
    }
  }

  private void askPeer(Frame.Ask ask, Identity peer) {
    if (rights.mayAsk(new Address.Peer(peer))) {
      with.peers().tell(new Peer.Ask(peer, seat.session(), ask.id()));
    } else {
      refuse(ask, Refusal.NOT_ALLOWED, 0);
    }
  }

  private void askRoom(Frame.Ask ask, Guest asking) {
    if (!Identity.isPart(ask.room())) {
      refuse(ask, Refusal.BAD_NAME, 0);
    } else if (!rights.mayAsk(new Address.Room(ask.room()))) {
      refuse(ask, Refusal.NOT_ALLOWED, 0);
    } else if (!with.halls().ask(ask.room(), asking, ask.id())) {
      refuse(ask, Refusal.TOO_MANY, 1000);
    }
  }

  private void refuse(Frame.Ask ask, Refusal refusal, int retryAfterMs) {
    with.meters().refused(refusal);
    line.say(
        new Frame.Refuse(ask.id(), 0, ask.kind(), refusal.code(), refusal.reason(), retryAfterMs));
  }

  /** What became of a send at the receiver's side. Of several receivers the first one counts. */
  void answered(HandOver.Answer answer) {
    answered(answer, false);
  }

  private void answered(HandOver.Answer answer, boolean duplicate) {
    if (!saysMore(answer)) {
      return;
    }
    remember(answer);
    tell(answer, duplicate);
  }

  /** Who was asked for is there, or not. */
  void answered(Peer.Whereabouts answer) {
    String event = answer.presence().name().toLowerCase(Locale.ROOT);
    String peer = answer.identity().text();
    line.say(new Frame.Presence("", peer, event, "", List.of(), answer.since(), answer.id()));
  }

  private void toPeer(Frame.Send send, Identity to) {
    if (!with.identities().isKnown(to)) {
      refuse(send, Refusal.UNKNOWN_PEER, 0);
      return;
    }
    if (send.delivery() == DeliveryClass.CRITICAL) {
      Refusal refusal = postings.post(send, to);
      if (refusal != null) {
        refuse(send, refusal, Postings.retryAfterMs(refusal));
      }
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

  /** The room says in which order everybody gets it; its acceptance is all that is confirmed. */
  private void toRoom(Frame.Send send, String room) {
    if (send.delivery() == DeliveryClass.CRITICAL) {
      refuse(send, Refusal.WRONG_ADDRESS, 0);
      return;
    }
    with.meters().count(Meter.ACCEPTED);
    with.halls().publish(room, delivery(send, new Identity(room), send.to()));
  }

  private Mail.Delivery delivery(Frame.Send send, Identity to, String addressed) {
    Letter.Message letter =
        new Letter.Message(
            from,
            addressed,
            send.body(),
            send.id(),
            send.re(),
            with.clock().millis(),
            send.headers());
    int ttlMs = ttlMs(send.ttlMs());
    return new Mail.Delivery(to, letter, ttlMs, send.confirm(), send.n(), seat);
  }

  private int ttlMs(int asked) {
    int longest = (int) with.settings().liveTtl().toMillis();
    return asked == 0 ? longest : Math.min(asked, longest);
  }

  private Address address(String to) {
    if (!to.equals(lastTo)) {
      Optional<Address> address = Address.parse(to);
      lastAddress = address.orElse(null);
      lastIsAllowed = lastAddress != null && rights.maySend(to, lastAddress);
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
      line.say(new Frame.Confirm(id, n, answer.status(), again));
      return;
    }
    Refusal refusal = Refusal.ofCode(answer.refusalCode());
    if (!again) {
      with.meters().refused(refusal);
    }
    String kind = id.isEmpty() && n == 0 ? "send" : "";
    int retryAfterMs = answer.retryAfterMs();
    line.say(new Frame.Refuse(id, n, kind, refusal.code(), refusal.reason(), retryAfterMs));
  }

  private void remember(HandOver.Answer answer) {
    if (answer.n() != 0) {
      marks.answered(answer.n(), answer);
    }
  }

  /** That it is confirmed is said once; that nobody knows only where nothing was said before. */
  private boolean saysMore(HandOver.Answer answer) {
    HandOver.Answer before = answer.n() == 0 ? null : marks.answer(answer.n());
    if (before == null || !before.id().equals(answer.id())) {
      return true;
    }
    return answer.refusalCode() == 0
        ? before.refusalCode() != 0
        : answer.refusalCode() != Refusal.OUTCOME_UNKNOWN.code();
  }
}
