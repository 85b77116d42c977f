package io.peerhub.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One frame of the native wire, version 1, in the words of {@code peerhub.proto}.
 *
 * <p>Absent is the proto3 default: an empty string, 0, an empty list. Numbers of 64 bits stay below
 * 2^53, so that JSON can hold them. The codecs check shape (required fields, ranges, nonce
 * lengths); grammar of names and meaning are the session's.
 */
public sealed interface Frame {
  /** What a peer may say to the hub. */
  sealed interface FromPeer extends Frame {}

  /** What the hub may say to a peer. */
  sealed interface FromHub extends Frame {}

  /** The first number that no field may reach: 2^53. */
  long NUMBER_END = 1L << 53;

  /** The first number that no field of 32 bits may reach. */
  long SMALL_NUMBER_END = 1L << 32;

  /** The name of the frame's kind on the wire, for {@code refuse.frame} and for JSON. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  // ---- both ways

  /**
   * To the hub: everything up to {@code seq} is processed. From the hub: those acks of critical
   * messages are journaled.
   */
  record Ack(long seq) implements FromPeer, FromHub {}

  /** Are you there? {@code t} comes back in the pong; {@code stats} are the sender's own. */
  record Ping(long t, Map<String, String> stats) implements FromPeer, FromHub {}

  record Pong(long t, Map<String, String> stats) implements FromPeer, FromHub {}

  // ---- peer to hub

  /** Opens the conversation. {@code window} and {@code heartbeatMs} are 0 where left to the hub. */
  record Hello(
      int version,
      String peer,
      String auth,
      String client,
      Optional<Resume> resume,
      String ack,
      int window,
      int heartbeatMs,
      List<String> compress,
      String ids,
      Map<String, String> info)
      implements FromPeer {}

  /** The session to go on with, and the highest {@code seq} that was processed. */
  record Resume(String session, long received) {}

  /** Answers a challenge; only the fields of the chosen method are set. */
  record Proof(String nonce, String mac, String password, String token) implements FromPeer {
    /** Names no secret. */
    @Override
    public String toString() {
      return "Proof[***]";
    }
  }

  /** One message. {@code n} is 0 where the sender does not number, {@code ttlMs} 0 by default. */
  record Send(
      String to,
      Body body,
      String id,
      long n,
      DeliveryClass delivery,
      Confirmation confirm,
      int ttlMs,
      String re,
      Map<String, String> headers)
      implements FromPeer {}

  record Reject(long seq, String reason, boolean requeue) implements FromPeer {}

  record Join(String room, int history, long since, boolean echo, String id) implements FromPeer {}

  record Leave(String room, String id) implements FromPeer {}

  record Serve(String service, String id) implements FromPeer {}

  record Unserve(String service, String id) implements FromPeer {}

  /** Asks for the presence of a peer or of a room: exactly one of them is set. */
  record Ask(String peer, String room, String id) implements FromPeer {}

  record Bye(String reason) implements FromPeer {}

  // ---- hub to peer

  record Challenge(String nonce, String node) implements FromHub {}

  record Welcome(
      String session,
      long epoch,
      boolean resumed,
      long received,
      int heartbeatMs,
      int resumeMs,
      int maxFrame,
      int window,
      String node,
      List<String> nodes,
      String mac,
      String compress)
      implements FromHub {}

  /** A delivery. {@code to} is empty where it is the receiver's own identity. */
  record Message(
      long seq,
      String from,
      Body body,
      String id,
      String to,
      DeliveryClass delivery,
      String re,
      long sentAt,
      long roomSeq,
      boolean redelivered,
      int attempt,
      Map<String, String> headers)
      implements FromHub {}

  record Confirm(String id, long n, Confirmation status, boolean duplicate) implements FromHub {}

  /** A send or a command was not taken; the connection lives on. */
  record Refuse(String id, long n, String frame, int code, String reason, int retryAfterMs)
      implements FromHub {}

  record Receipt(String id, String to, String status, int attempts, String reason, long seq)
      implements FromHub {}

  record Presence(
      String room,
      String peer,
      String event,
      String reason,
      List<Member> members,
      long since,
      String id)
      implements FromHub {}

  record Member(String peer, long since, Map<String, String> labels) {}

  /** {@code count} live messages were dropped here; 0 if how many is not known. */
  record Gap(long count, String reason) implements FromHub {}

  record Goaway(String reason, int reconnectInMs, List<String> nodes) implements FromHub {}

  record Done(String id) implements FromHub {}

  /**
   * Fatal: the hub closes after it.
   *
   * @param retryAfterMs when to come again at the earliest; 0 where the hub does not know
   */
  record Error(int code, String reason, int retryAfterMs) implements FromHub {
    public Error(int code, String reason) {
      this(code, reason, 0);
    }
  }
}
