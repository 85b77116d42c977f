package io.peerhub.protocol.wire;

import static io.peerhub.protocol.wire.Field.Type.BODY_DATA;
import static io.peerhub.protocol.wire.Field.Type.BODY_JSON;
import static io.peerhub.protocol.wire.Field.Type.BODY_TEXT;
import static io.peerhub.protocol.wire.Field.Type.CONFIRMATION;
import static io.peerhub.protocol.wire.Field.Type.DELIVERY;
import static io.peerhub.protocol.wire.Field.Type.FLAG;
import static io.peerhub.protocol.wire.Field.Type.MAP;
import static io.peerhub.protocol.wire.Field.Type.MEMBERS;
import static io.peerhub.protocol.wire.Field.Type.NAME;
import static io.peerhub.protocol.wire.Field.Type.NUMBER;
import static io.peerhub.protocol.wire.Field.Type.SMALL_NUMBER;
import static io.peerhub.protocol.wire.Field.Type.TEXT;
import static io.peerhub.protocol.wire.Field.Type.TEXTS;

import io.peerhub.protocol.wire.Field.Type;

/**
 * {@code peerhub.proto} in Java: the fields of every message, from which both wires read and write.
 * A test compares it with what {@code protoc} makes of the file, so that the two cannot part.
 */
final class Schema {
  private Schema() {}

  static final class Send {
    static final Field TO = Field.of(1, "to", NAME);
    static final Field TEXT_BODY = Field.of(2, "text", BODY_TEXT);
    static final Field DATA_BODY = Field.of(3, "data", BODY_DATA);
    static final Field JSON_BODY = Field.of(4, "json", BODY_JSON);
    static final Field ID = Field.of(5, "id", TEXT);
    static final Field N = Field.of(6, "n", NUMBER);
    static final Field DELIVERY_CLASS = Field.of(7, "delivery", DELIVERY);
    static final Field CONFIRM = Field.of(8, "confirm", CONFIRMATION);
    static final Field TTL_MS = Field.of(9, "ttl_ms", SMALL_NUMBER);
    static final Field RE = Field.of(10, "re", TEXT);
    static final Field HEADERS = Field.of(16, "headers", MAP);
    static final Field[] ALL = {
      TO, TEXT_BODY, DATA_BODY, JSON_BODY, ID, N, DELIVERY_CLASS, CONFIRM, TTL_MS, RE, HEADERS
    };
  }

  static final class Message {
    static final Field SEQ = Field.of(1, "seq", NUMBER);
    static final Field FROM = Field.of(2, "from", NAME);
    static final Field TEXT_BODY = Field.of(3, "text", BODY_TEXT);
    static final Field DATA_BODY = Field.of(4, "data", BODY_DATA);
    static final Field JSON_BODY = Field.of(5, "json", BODY_JSON);
    static final Field ID = Field.of(6, "id", TEXT);
    static final Field TO = Field.of(7, "to", NAME);
    static final Field DELIVERY_CLASS = Field.of(8, "delivery", DELIVERY);
    static final Field RE = Field.of(9, "re", TEXT);
    static final Field SENT_AT = Field.of(10, "sent_at", NUMBER);
    static final Field ROOM_SEQ = Field.of(11, "room_seq", NUMBER);
    static final Field REDELIVERED = Field.of(12, "redelivered", FLAG);
    static final Field ATTEMPT = Field.of(13, "attempt", SMALL_NUMBER);
    static final Field HEADERS = Field.of(16, "headers", MAP);
    static final Field[] ALL = {
      SEQ,
      FROM,
      TEXT_BODY,
      DATA_BODY,
      JSON_BODY,
      ID,
      TO,
      DELIVERY_CLASS,
      RE,
      SENT_AT,
      ROOM_SEQ,
      REDELIVERED,
      ATTEMPT,
      HEADERS
    };
  }

  static final class Ack {
    static final Field SEQ = Field.of(1, "seq", NUMBER);
    static final Field[] ALL = {SEQ};
  }

  static final class Confirm {
    static final Field ID = Field.of(1, "id", TEXT);
    static final Field N = Field.of(2, "n", NUMBER);
    static final Field STATUS = Field.of(3, "status", CONFIRMATION);
    static final Field DUPLICATE = Field.of(4, "duplicate", FLAG);
    static final Field[] ALL = {ID, N, STATUS, DUPLICATE};
  }

  static final class Refuse {
    static final Field ID = Field.of(1, "id", TEXT);
    static final Field N = Field.of(2, "n", NUMBER);
    static final Field FRAME = Field.of(3, "frame", TEXT);
    static final Field CODE = Field.of(4, "code", SMALL_NUMBER);
    static final Field REASON = Field.of(5, "reason", TEXT);
    static final Field RETRY_AFTER_MS = Field.of(6, "retry_after_ms", SMALL_NUMBER);
    static final Field[] ALL = {ID, N, FRAME, CODE, REASON, RETRY_AFTER_MS};
  }

  /** Ping and pong alike. */
  static final class Ping {
    static final Field T = Field.of(1, "t", NUMBER);
    static final Field STATS = Field.of(2, "stats", MAP);
    static final Field[] ALL = {T, STATS};
  }

  static final class Hello {
    static final Field VERSION = Field.of(1, "version", SMALL_NUMBER);
    static final Field PEER = Field.of(2, "peer", NAME);
    static final Field AUTH = Field.of(3, "auth", TEXT);
    static final Field CLIENT = Field.of(4, "client", TEXT);
    static final Field RESUME = Field.of(5, "resume", Type.RESUME);
    static final Field ACK = Field.of(6, "ack", TEXT);
    static final Field WINDOW = Field.of(7, "window", SMALL_NUMBER);
    static final Field HEARTBEAT_MS = Field.of(8, "heartbeat_ms", SMALL_NUMBER);
    static final Field COMPRESS = Field.of(9, "compress", TEXTS);
    static final Field IDS = Field.of(10, "ids", TEXT);
    static final Field INFO = Field.of(16, "info", MAP);
    static final Field[] ALL = {
      VERSION, PEER, AUTH, CLIENT, RESUME, ACK, WINDOW, HEARTBEAT_MS, COMPRESS, IDS, INFO
    };
  }

  static final class Resume {
    static final Field SESSION = Field.of(1, "session", TEXT);
    static final Field RECEIVED = Field.of(2, "received", NUMBER);
    static final Field[] ALL = {SESSION, RECEIVED};
  }

  static final class Proof {
    static final Field NONCE = Field.of(1, "nonce", TEXT);
    static final Field MAC = Field.of(2, "mac", TEXT);
    static final Field PASSWORD = Field.of(3, "password", TEXT);
    static final Field TOKEN = Field.of(4, "token", TEXT);
    static final Field[] ALL = {NONCE, MAC, PASSWORD, TOKEN};
  }

  static final class Reject {
    static final Field SEQ = Field.of(1, "seq", NUMBER);
    static final Field REASON = Field.of(2, "reason", TEXT);
    static final Field REQUEUE = Field.of(3, "requeue", FLAG);
    static final Field[] ALL = {SEQ, REASON, REQUEUE};
  }

  static final class Join {
    static final Field ROOM = Field.of(1, "room", NAME);
    static final Field HISTORY = Field.of(2, "history", SMALL_NUMBER);
    static final Field SINCE = Field.of(3, "since", NUMBER);
    static final Field ECHO = Field.of(4, "echo", FLAG);
    static final Field ID = Field.of(5, "id", TEXT);
    static final Field[] ALL = {ROOM, HISTORY, SINCE, ECHO, ID};
  }

  static final class Leave {
    static final Field ROOM = Field.of(1, "room", NAME);
    static final Field ID = Field.of(2, "id", TEXT);
    static final Field[] ALL = {ROOM, ID};
  }

  /** Serve and unserve alike. */
  static final class Serve {
    static final Field SERVICE = Field.of(1, "service", NAME);
    static final Field ID = Field.of(2, "id", TEXT);
    static final Field[] ALL = {SERVICE, ID};
  }

  static final class Ask {
    static final Field PEER = Field.of(1, "peer", NAME);
    static final Field ROOM = Field.of(2, "room", NAME);
    static final Field ID = Field.of(3, "id", TEXT);
    static final Field[] ALL = {PEER, ROOM, ID};
  }

  static final class Bye {
    static final Field REASON = Field.of(1, "reason", TEXT);
    static final Field[] ALL = {REASON};
  }

  static final class Challenge {
    static final Field NONCE = Field.of(1, "nonce", TEXT);
    static final Field NODE = Field.of(2, "node", TEXT);
    static final Field[] ALL = {NONCE, NODE};
  }

  static final class Welcome {
    static final Field SESSION = Field.of(1, "session", TEXT);
    static final Field EPOCH = Field.of(2, "epoch", NUMBER);
    static final Field RESUMED = Field.of(3, "resumed", FLAG);
    static final Field RECEIVED = Field.of(4, "received", NUMBER);
    static final Field HEARTBEAT_MS = Field.of(5, "heartbeat_ms", SMALL_NUMBER);
    static final Field RESUME_MS = Field.of(6, "resume_ms", SMALL_NUMBER);
    static final Field MAX_FRAME = Field.of(7, "max_frame", SMALL_NUMBER);
    static final Field WINDOW = Field.of(8, "window", SMALL_NUMBER);
    static final Field NODE = Field.of(9, "node", TEXT);
    static final Field NODES = Field.of(10, "nodes", TEXTS);
    static final Field MAC = Field.of(11, "mac", TEXT);
    static final Field COMPRESS = Field.of(12, "compress", TEXT);
    static final Field[] ALL = {
      SESSION,
      EPOCH,
      RESUMED,
      RECEIVED,
      HEARTBEAT_MS,
      RESUME_MS,
      MAX_FRAME,
      WINDOW,
      NODE,
      NODES,
      MAC,
      COMPRESS
    };
  }

  static final class Receipt {
    static final Field ID = Field.of(1, "id", TEXT);
    static final Field TO = Field.of(2, "to", NAME);
    static final Field STATUS = Field.of(3, "status", TEXT);
    static final Field ATTEMPTS = Field.of(4, "attempts", SMALL_NUMBER);
    static final Field REASON = Field.of(5, "reason", TEXT);
    static final Field SEQ = Field.of(6, "seq", NUMBER);
    static final Field[] ALL = {ID, TO, STATUS, ATTEMPTS, REASON, SEQ};
  }

  static final class Presence {
    static final Field ROOM = Field.of(1, "room", NAME);
    static final Field PEER = Field.of(2, "peer", NAME);
    static final Field EVENT = Field.of(3, "event", TEXT);
    static final Field REASON = Field.of(4, "reason", TEXT);
    static final Field MEMBERS = Field.of(5, "members", Type.MEMBERS);
    static final Field SINCE = Field.of(6, "since", NUMBER);
    static final Field ID = Field.of(7, "id", TEXT);
    static final Field[] ALL = {ROOM, PEER, EVENT, REASON, MEMBERS, SINCE, ID};
  }

  static final class Member {
    static final Field PEER = Field.of(1, "peer", NAME);
    static final Field SINCE = Field.of(2, "since", NUMBER);
    static final Field LABELS = Field.of(16, "labels", MAP);
    static final Field[] ALL = {PEER, SINCE, LABELS};
  }

  static final class Gap {
    static final Field COUNT = Field.of(1, "count", NUMBER);
    static final Field REASON = Field.of(2, "reason", TEXT);
    static final Field[] ALL = {COUNT, REASON};
  }

  static final class Goaway {
    static final Field REASON = Field.of(1, "reason", TEXT);
    static final Field RECONNECT_IN_MS = Field.of(2, "reconnect_in_ms", SMALL_NUMBER);
    static final Field NODES = Field.of(3, "nodes", TEXTS);
    static final Field[] ALL = {REASON, RECONNECT_IN_MS, NODES};
  }

  static final class Done {
    static final Field ID = Field.of(1, "id", TEXT);
    static final Field[] ALL = {ID};
  }

  static final class Error {
    static final Field CODE = Field.of(1, "code", SMALL_NUMBER);
    static final Field REASON = Field.of(2, "reason", TEXT);
    static final Field RETRY_AFTER_MS = Field.of(3, "retry_after_ms", SMALL_NUMBER);
    static final Field[] ALL = {CODE, REASON, RETRY_AFTER_MS};
  }
}
