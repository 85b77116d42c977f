package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The messages of the schema: every kind of frame with its number in the {@code oneof} and who may
 * say it, and the two messages that live inside of frames.
 */
enum Shape {
  SEND(1, Speaker.PEER, Schema.Send.ALL),
  MESSAGE(2, Speaker.HUB, Schema.Message.ALL),
  ACK(3, Speaker.BOTH, Schema.Ack.ALL),
  CONFIRM(4, Speaker.HUB, Schema.Confirm.ALL),
  REFUSE(5, Speaker.HUB, Schema.Refuse.ALL),
  PING(6, Speaker.BOTH, Schema.Ping.ALL),
  PONG(7, Speaker.BOTH, Schema.Ping.ALL),
  HELLO(16, Speaker.PEER, Schema.Hello.ALL),
  PROOF(17, Speaker.PEER, Schema.Proof.ALL),
  REJECT(18, Speaker.PEER, Schema.Reject.ALL),
  JOIN(19, Speaker.PEER, Schema.Join.ALL),
  LEAVE(20, Speaker.PEER, Schema.Leave.ALL),
  SERVE(21, Speaker.PEER, Schema.Serve.ALL),
  UNSERVE(22, Speaker.PEER, Schema.Serve.ALL),
  ASK(23, Speaker.PEER, Schema.Ask.ALL),
  BYE(24, Speaker.PEER, Schema.Bye.ALL),
  CHALLENGE(32, Speaker.HUB, Schema.Challenge.ALL),
  WELCOME(33, Speaker.HUB, Schema.Welcome.ALL),
  RECEIPT(34, Speaker.HUB, Schema.Receipt.ALL),
  PRESENCE(35, Speaker.HUB, Schema.Presence.ALL),
  GAP(36, Speaker.HUB, Schema.Gap.ALL),
  GOAWAY(37, Speaker.HUB, Schema.Goaway.ALL),
  ERROR(38, Speaker.HUB, Schema.Error.ALL),
  DONE(39, Speaker.HUB, Schema.Done.ALL),
  RESUME(0, Speaker.NOBODY, Schema.Resume.ALL),
  MEMBER(0, Speaker.NOBODY, Schema.Member.ALL);

  /** Who may say a frame of this kind. */
  enum Speaker {
    PEER,
    HUB,
    BOTH,
    /** It is no frame, but a part of one. */
    NOBODY;

    boolean includes(Speaker one) {
      return this == one || this == BOTH;
    }
  }

  private static final Shape[] BY_NUMBER = new Shape[40];
  private static final Map<String, Shape> BY_NAME = new HashMap<>();

  static {
    for (Shape shape : values()) {
      if (shape.speaker != Speaker.NOBODY) {
        BY_NUMBER[shape.number] = shape;
        BY_NAME.put(shape.kind, shape);
      }
    }
  }

  final int number;
  final Speaker speaker;
  final Field[] fields;

  /** The name of the kind, as on the wire; for a part of a frame the name of its message. */
  final String kind = name().toLowerCase(Locale.ROOT);

  /** Number and wire type of this kind in the {@code oneof}. */
  final int tag;

  /** <code>{"kind":{</code>, in UTF-8. */
  final byte[] jsonOpening;

  /** Where the frame says which send or command it is; null where it does not. */
  final Field id;

  final Field n;

  private final Field[] byNumber = new Field[Field.NUMBER_MAX + 1];
  private final Map<String, Field> byName = new HashMap<>();

  Shape(int number, Speaker speaker, Field[] fields) {
    this.number = number;
    this.speaker = speaker;
    this.fields = fields;
    this.tag = number << 3 | Field.LENGTH_DELIMITED;
    this.jsonOpening = ("{\"" + kind + "\":{").getBytes(StandardCharsets.US_ASCII);
    for (Field field : fields) {
      byNumber[field.number()] = field;
      byName.put(field.name(), field);
      byName.put(field.schemaName(), field);
    }
    this.id = byName.get("id");
    this.n = byName.get("n");
  }

  /** The kind of frame with this number; null for one that this version does not know. */
  static Shape numbered(int number) {
    return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** The kind of frame with this name; null for one that this version does not know. */
  static Shape named(String name) {
    return BY_NAME.get(name);
  }

  /** The field with this number; null for one that this version does not know. */
  Field field(int fieldNumber) {
    return fieldNumber < byNumber.length ? byNumber[fieldNumber] : null;
  }

  /** The field with this name, in either spelling; null for one that this version does not know. */
  Field field(String name) {
    return byName.get(name);
  }
}
