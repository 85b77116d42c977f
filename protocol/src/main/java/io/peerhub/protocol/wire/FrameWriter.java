package io.peerhub.protocol.wire;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;

/** Takes frames apart into fields, in the order of the schema, for both wires. */
final class FrameWriter {
  private FrameWriter() {}

  static Shape shapeOf(Frame frame) {
    return switch (frame) {
      case Frame.Message m -> Shape.MESSAGE;
      case Frame.Send s -> Shape.SEND;
      case Frame.Ack a -> Shape.ACK;
      case Frame.Confirm c -> Shape.CONFIRM;
      case Frame.Ping p -> Shape.PING;
      case Frame.Pong p -> Shape.PONG;
      case Frame.Refuse r -> Shape.REFUSE;
      case Frame.Receipt r -> Shape.RECEIPT;
      case Frame.Reject r -> Shape.REJECT;
      case Frame.Presence p -> Shape.PRESENCE;
      case Frame.Gap g -> Shape.GAP;
      case Frame.Done d -> Shape.DONE;
      case Frame.Hello h -> Shape.HELLO;
      case Frame.Proof p -> Shape.PROOF;
      case Frame.Join j -> Shape.JOIN;
      case Frame.Leave l -> Shape.LEAVE;
      case Frame.Serve s -> Shape.SERVE;
      case Frame.Unserve u -> Shape.UNSERVE;
      case Frame.Ask a -> Shape.ASK;
      case Frame.Bye b -> Shape.BYE;
      case Frame.Challenge c -> Shape.CHALLENGE;
      case Frame.Welcome w -> Shape.WELCOME;
      case Frame.Goaway g -> Shape.GOAWAY;
      case Frame.Error e -> Shape.ERROR;
    };
  }

  /** The body, whose size says most about the size of the frame. */
  static Body bodyOf(Frame frame) {
    if (frame instanceof Frame.Message message) {
      return message.body();
    }
    return frame instanceof Frame.Send send ? send.body() : Body.EMPTY;
  }

  static void fields(Frame frame, FieldSink out) {
    switch (frame) {
      case Frame.Message m -> message(m, out);
      case Frame.Send s -> send(s, out);
      case Frame.Ack a -> out.number(Schema.Ack.SEQ, a.seq());
      case Frame.Confirm c -> confirm(c, out);
      case Frame.Ping p -> {
        out.number(Schema.Ping.T, p.t());
        out.map(Schema.Ping.STATS, p.stats());
      }
      case Frame.Pong p -> {
        out.number(Schema.Ping.T, p.t());
        out.map(Schema.Ping.STATS, p.stats());
      }
      case Frame.Refuse r -> refuse(r, out);
      case Frame.Receipt r -> receipt(r, out);
      case Frame.Reject r -> {
        out.number(Schema.Reject.SEQ, r.seq());
        out.text(Schema.Reject.REASON, r.reason());
        out.flag(Schema.Reject.REQUEUE, r.requeue());
      }
      case Frame.Presence p -> presence(p, out);
      case Frame.Gap g -> {
        out.number(Schema.Gap.COUNT, g.count());
        out.text(Schema.Gap.REASON, g.reason());
      }
      case Frame.Done d -> out.text(Schema.Done.ID, d.id());
      case Frame.Hello h -> hello(h, out);
      case Frame.Proof p -> proof(p, out);
      case Frame.Join j -> join(j, out);
      case Frame.Leave l -> named(Schema.Leave.ROOM, l.room(), Schema.Leave.ID, l.id(), out);
      case Frame.Serve s -> named(Schema.Serve.SERVICE, s.service(), Schema.Serve.ID, s.id(), out);
      case Frame.Unserve u ->
          named(Schema.Serve.SERVICE, u.service(), Schema.Serve.ID, u.id(), out);
      case Frame.Ask a -> {
        out.text(Schema.Ask.PEER, a.peer());
        named(Schema.Ask.ROOM, a.room(), Schema.Ask.ID, a.id(), out);
      }
      case Frame.Bye b -> out.text(Schema.Bye.REASON, b.reason());
      case Frame.Challenge c ->
          named(Schema.Challenge.NONCE, c.nonce(), Schema.Challenge.NODE, c.node(), out);
      case Frame.Welcome w -> welcome(w, out);
      case Frame.Goaway g -> {
        out.text(Schema.Goaway.REASON, g.reason());
        out.number(Schema.Goaway.RECONNECT_IN_MS, g.reconnectInMs());
        out.texts(Schema.Goaway.NODES, g.nodes());
      }
      case Frame.Error e -> {
        out.number(Schema.Error.CODE, e.code());
        out.text(Schema.Error.REASON, e.reason());
        out.number(Schema.Error.RETRY_AFTER_MS, e.retryAfterMs());
      }
    }
  }

  private static void named(Field first, String name, Field second, String id, FieldSink out) {
    out.text(first, name);
    out.text(second, id);
  }

  private static void message(Frame.Message m, FieldSink out) {
    out.number(Schema.Message.SEQ, m.seq());
    out.text(Schema.Message.FROM, m.from());
    out.body(
        Schema.Message.TEXT_BODY, Schema.Message.DATA_BODY, Schema.Message.JSON_BODY, m.body());
    out.text(Schema.Message.ID, m.id());
    out.text(Schema.Message.TO, m.to());
    out.choice(Schema.Message.DELIVERY_CLASS, m.delivery());
    out.text(Schema.Message.RE, m.re());
    out.number(Schema.Message.SENT_AT, m.sentAt());
    out.number(Schema.Message.ROOM_SEQ, m.roomSeq());
    out.flag(Schema.Message.REDELIVERED, m.redelivered());
    out.number(Schema.Message.ATTEMPT, m.attempt());
    out.map(Schema.Message.HEADERS, m.headers());
  }

  private static void send(Frame.Send s, FieldSink out) {
    out.text(Schema.Send.TO, s.to());
    out.body(Schema.Send.TEXT_BODY, Schema.Send.DATA_BODY, Schema.Send.JSON_BODY, s.body());
    out.text(Schema.Send.ID, s.id());
    out.number(Schema.Send.N, s.n());
    out.choice(Schema.Send.DELIVERY_CLASS, s.delivery());
    out.choice(Schema.Send.CONFIRM, s.confirm());
    out.number(Schema.Send.TTL_MS, s.ttlMs());
    out.text(Schema.Send.RE, s.re());
    out.map(Schema.Send.HEADERS, s.headers());
  }

  private static void confirm(Frame.Confirm c, FieldSink out) {
    out.text(Schema.Confirm.ID, c.id());
    out.number(Schema.Confirm.N, c.n());
    out.choice(Schema.Confirm.STATUS, c.status());
    out.flag(Schema.Confirm.DUPLICATE, c.duplicate());
  }

  private static void refuse(Frame.Refuse r, FieldSink out) {
    out.text(Schema.Refuse.ID, r.id());
    out.number(Schema.Refuse.N, r.n());
    out.text(Schema.Refuse.FRAME, r.frame());
    out.number(Schema.Refuse.CODE, r.code());
    out.text(Schema.Refuse.REASON, r.reason());
    out.number(Schema.Refuse.RETRY_AFTER_MS, r.retryAfterMs());
  }

  private static void receipt(Frame.Receipt r, FieldSink out) {
    out.text(Schema.Receipt.ID, r.id());
    out.text(Schema.Receipt.TO, r.to());
    out.text(Schema.Receipt.STATUS, r.status());
    out.number(Schema.Receipt.ATTEMPTS, r.attempts());
    out.text(Schema.Receipt.REASON, r.reason());
    out.number(Schema.Receipt.SEQ, r.seq());
  }

  private static void presence(Frame.Presence p, FieldSink out) {
    out.text(Schema.Presence.ROOM, p.room());
    out.text(Schema.Presence.PEER, p.peer());
    out.text(Schema.Presence.EVENT, p.event());
    out.text(Schema.Presence.REASON, p.reason());
    out.members(Schema.Presence.MEMBERS, p.members());
    out.number(Schema.Presence.SINCE, p.since());
    out.text(Schema.Presence.ID, p.id());
  }

  private static void hello(Frame.Hello h, FieldSink out) {
    out.number(Schema.Hello.VERSION, h.version());
    out.text(Schema.Hello.PEER, h.peer());
    out.text(Schema.Hello.AUTH, h.auth());
    out.text(Schema.Hello.CLIENT, h.client());
    out.resume(Schema.Hello.RESUME, h.resume());
    out.text(Schema.Hello.ACK, h.ack());
    out.number(Schema.Hello.WINDOW, h.window());
    out.number(Schema.Hello.HEARTBEAT_MS, h.heartbeatMs());
    out.texts(Schema.Hello.COMPRESS, h.compress());
    out.text(Schema.Hello.IDS, h.ids());
    out.map(Schema.Hello.INFO, h.info());
  }

  private static void proof(Frame.Proof p, FieldSink out) {
    out.text(Schema.Proof.NONCE, p.nonce());
    out.text(Schema.Proof.MAC, p.mac());
    out.text(Schema.Proof.PASSWORD, p.password());
    out.text(Schema.Proof.TOKEN, p.token());
  }

  private static void join(Frame.Join j, FieldSink out) {
    out.text(Schema.Join.ROOM, j.room());
    out.number(Schema.Join.HISTORY, j.history());
    out.number(Schema.Join.SINCE, j.since());
    out.flag(Schema.Join.ECHO, j.echo());
    out.text(Schema.Join.ID, j.id());
  }

  private static void welcome(Frame.Welcome w, FieldSink out) {
    out.text(Schema.Welcome.SESSION, w.session());
    out.number(Schema.Welcome.EPOCH, w.epoch());
    out.flag(Schema.Welcome.RESUMED, w.resumed());
    out.number(Schema.Welcome.RECEIVED, w.received());
    out.number(Schema.Welcome.HEARTBEAT_MS, w.heartbeatMs());
    out.number(Schema.Welcome.RESUME_MS, w.resumeMs());
    out.number(Schema.Welcome.MAX_FRAME, w.maxFrame());
    out.number(Schema.Welcome.WINDOW, w.window());
    out.text(Schema.Welcome.NODE, w.node());
    out.texts(Schema.Welcome.NODES, w.nodes());
    out.text(Schema.Welcome.MAC, w.mac());
    out.text(Schema.Welcome.COMPRESS, w.compress());
  }
}
