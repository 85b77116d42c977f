package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.List;
import java.util.Optional;

/**
 * Makes frames of drafts: the one place that says which fields a frame must have, for both wires.
 * Grammar of names and meaning are the session's.
 */
final class FrameBuilder {
  private static final DeliveryClass[] DELIVERIES = DeliveryClass.values();
  private static final Confirmation[] CONFIRMATIONS = Confirmation.values();

  private FrameBuilder() {}

  static Frame.FromPeer fromPeer(Draft d) throws BadFrame {
    Frame.FromPeer frame =
        switch (d.shape()) {
          case SEND -> send(d);
          case ACK -> new Frame.Ack(d.requiredNumber(Schema.Ack.SEQ));
          case PING -> new Frame.Ping(d.number(Schema.Ping.T), d.map(Schema.Ping.STATS));
          case PONG -> new Frame.Pong(d.number(Schema.Ping.T), d.map(Schema.Ping.STATS));
          case HELLO -> hello(d);
          case PROOF -> proof(d);
          case REJECT -> reject(d);
          case JOIN -> join(d);
          case LEAVE -> new Frame.Leave(d.requiredText(Schema.Leave.ROOM), d.id(Schema.Leave.ID));
          case SERVE ->
              new Frame.Serve(d.requiredText(Schema.Serve.SERVICE), d.id(Schema.Serve.ID));
          case UNSERVE ->
              new Frame.Unserve(d.requiredText(Schema.Serve.SERVICE), d.id(Schema.Serve.ID));
          case ASK -> ask(d);
          case BYE -> new Frame.Bye(d.text(Schema.Bye.REASON));
          default -> throw new IllegalStateException("no frame of a peer: " + d.shape());
        };
    d.check();
    return frame;
  }

  static Frame.FromHub fromHub(Draft d) throws BadFrame {
    Frame.FromHub frame =
        switch (d.shape()) {
          case MESSAGE -> message(d);
          case ACK -> new Frame.Ack(d.requiredNumber(Schema.Ack.SEQ));
          case CONFIRM -> confirm(d);
          case REFUSE -> refuse(d);
          case PING -> new Frame.Ping(d.number(Schema.Ping.T), d.map(Schema.Ping.STATS));
          case PONG -> new Frame.Pong(d.number(Schema.Ping.T), d.map(Schema.Ping.STATS));
          case CHALLENGE ->
              new Frame.Challenge(d.nonce(Schema.Challenge.NONCE), d.text(Schema.Challenge.NODE));
          case WELCOME -> welcome(d);
          case RECEIPT -> receipt(d);
          case PRESENCE -> presence(d);
          case GAP -> new Frame.Gap(d.number(Schema.Gap.COUNT), d.text(Schema.Gap.REASON));
          case GOAWAY -> goaway(d);
          case DONE -> new Frame.Done(d.text(Schema.Done.ID));
          case ERROR ->
              new Frame.Error(
                  d.smallNumber(Schema.Error.CODE),
                  d.text(Schema.Error.REASON),
                  d.smallNumber(Schema.Error.RETRY_AFTER_MS));
          default -> throw new IllegalStateException("no frame of the hub: " + d.shape());
        };
    d.check();
    return frame;
  }

  private static Frame.Send send(Draft d) {
    return new Frame.Send(
        d.requiredText(Schema.Send.TO),
        d.body(),
        d.id(Schema.Send.ID),
        d.number(Schema.Send.N),
        DELIVERIES[d.smallNumber(Schema.Send.DELIVERY_CLASS)],
        CONFIRMATIONS[d.smallNumber(Schema.Send.CONFIRM)],
        d.smallNumber(Schema.Send.TTL_MS),
        d.id(Schema.Send.RE),
        d.map(Schema.Send.HEADERS));
  }

  private static Frame.Hello hello(Draft d) {
    if (d.number(Schema.Hello.VERSION) == 0) {
      d.fault("version is missing");
    }
    oneOf(d, Schema.Hello.ACK, "auto", "client");
    oneOf(d, Schema.Hello.IDS, "rising");
    return new Frame.Hello(
        d.smallNumber(Schema.Hello.VERSION),
        d.requiredText(Schema.Hello.PEER),
        d.text(Schema.Hello.AUTH),
        d.text(Schema.Hello.CLIENT),
        Optional.ofNullable((Frame.Resume) d.value(Schema.Hello.RESUME)),
        d.text(Schema.Hello.ACK),
        d.smallNumber(Schema.Hello.WINDOW),
        d.smallNumber(Schema.Hello.HEARTBEAT_MS),
        d.texts(Schema.Hello.COMPRESS),
        d.text(Schema.Hello.IDS),
        d.map(Schema.Hello.INFO));
  }

  /** A word of a short list: a misspelt one is refused, not taken for the default. */
  private static void oneOf(Draft d, Field field, String... words) {
    String word = d.text(field);
    if (!word.isEmpty() && !List.of(words).contains(word)) {
      d.fault(field.name() + " has an unknown value");
    }
  }

  static Frame.Resume resume(Draft d) {
    return new Frame.Resume(
        d.requiredText(Schema.Resume.SESSION), d.number(Schema.Resume.RECEIVED));
  }

  static Frame.Member member(Draft d) {
    return new Frame.Member(
        d.requiredText(Schema.Member.PEER),
        d.number(Schema.Member.SINCE),
        d.map(Schema.Member.LABELS));
  }

  /** Exactly one method; a mac needs the peer's nonce that it was made with. */
  private static Frame.Proof proof(Draft d) {
    String mac = d.text(Schema.Proof.MAC);
    String password = d.text(Schema.Proof.PASSWORD);
    String token = d.text(Schema.Proof.TOKEN);
    int given = (mac.isEmpty() ? 0 : 1) + (password.isEmpty() ? 0 : 1) + (token.isEmpty() ? 0 : 1);
    if (given != 1) {
      d.fault("a proof has exactly one of mac, password, token");
    }
    boolean bare = mac.isEmpty() && d.text(Schema.Proof.NONCE).isEmpty();
    String nonce = bare ? "" : d.nonce(Schema.Proof.NONCE);
    return new Frame.Proof(nonce, mac, password, token);
  }

  private static Frame.Reject reject(Draft d) {
    return new Frame.Reject(
        d.requiredNumber(Schema.Reject.SEQ),
        d.text(Schema.Reject.REASON),
        d.flag(Schema.Reject.REQUEUE));
  }

  private static Frame.Join join(Draft d) {
    return new Frame.Join(
        d.requiredText(Schema.Join.ROOM),
        d.smallNumber(Schema.Join.HISTORY),
        d.number(Schema.Join.SINCE),
        d.flag(Schema.Join.ECHO),
        d.id(Schema.Join.ID));
  }

  private static Frame.Ask ask(Draft d) {
    String peer = d.text(Schema.Ask.PEER);
    String room = d.text(Schema.Ask.ROOM);
    if (peer.isEmpty() == room.isEmpty()) {
      d.fault("ask has exactly one of peer, room");
    }
    return new Frame.Ask(peer, room, d.id(Schema.Ask.ID));
  }

  private static Frame.Message message(Draft d) {
    return new Frame.Message(
        d.number(Schema.Message.SEQ),
        d.text(Schema.Message.FROM),
        d.body(),
        d.text(Schema.Message.ID),
        d.text(Schema.Message.TO),
        DELIVERIES[d.smallNumber(Schema.Message.DELIVERY_CLASS)],
        d.text(Schema.Message.RE),
        d.number(Schema.Message.SENT_AT),
        d.number(Schema.Message.ROOM_SEQ),
        d.flag(Schema.Message.REDELIVERED),
        d.smallNumber(Schema.Message.ATTEMPT),
        d.map(Schema.Message.HEADERS));
  }

  private static Frame.Confirm confirm(Draft d) {
    return new Frame.Confirm(
        d.text(Schema.Confirm.ID),
        d.number(Schema.Confirm.N),
        CONFIRMATIONS[d.smallNumber(Schema.Confirm.STATUS)],
        d.flag(Schema.Confirm.DUPLICATE));
  }

  private static Frame.Refuse refuse(Draft d) {
    return new Frame.Refuse(
        d.text(Schema.Refuse.ID),
        d.number(Schema.Refuse.N),
        d.text(Schema.Refuse.FRAME),
        d.smallNumber(Schema.Refuse.CODE),
        d.text(Schema.Refuse.REASON),
        d.smallNumber(Schema.Refuse.RETRY_AFTER_MS));
  }

  private static Frame.Welcome welcome(Draft d) {
    return new Frame.Welcome(
        d.requiredText(Schema.Welcome.SESSION),
        d.number(Schema.Welcome.EPOCH),
        d.flag(Schema.Welcome.RESUMED),
        d.number(Schema.Welcome.RECEIVED),
        d.smallNumber(Schema.Welcome.HEARTBEAT_MS),
        d.smallNumber(Schema.Welcome.RESUME_MS),
        d.smallNumber(Schema.Welcome.MAX_FRAME),
        d.smallNumber(Schema.Welcome.WINDOW),
        d.text(Schema.Welcome.NODE),
        d.texts(Schema.Welcome.NODES),
        d.text(Schema.Welcome.MAC),
        d.text(Schema.Welcome.COMPRESS));
  }

  private static Frame.Receipt receipt(Draft d) {
    return new Frame.Receipt(
        d.text(Schema.Receipt.ID),
        d.text(Schema.Receipt.TO),
        d.text(Schema.Receipt.STATUS),
        d.smallNumber(Schema.Receipt.ATTEMPTS),
        d.text(Schema.Receipt.REASON),
        d.number(Schema.Receipt.SEQ));
  }

  private static Frame.Presence presence(Draft d) {
    return new Frame.Presence(
        d.text(Schema.Presence.ROOM),
        d.text(Schema.Presence.PEER),
        d.text(Schema.Presence.EVENT),
        d.text(Schema.Presence.REASON),
        d.members(Schema.Presence.MEMBERS),
        d.number(Schema.Presence.SINCE),
        d.text(Schema.Presence.ID));
  }

  private static Frame.Goaway goaway(Draft d) {
    return new Frame.Goaway(
        d.text(Schema.Goaway.REASON),
        d.smallNumber(Schema.Goaway.RECONNECT_IN_MS),
        d.texts(Schema.Goaway.NODES));
  }
}
