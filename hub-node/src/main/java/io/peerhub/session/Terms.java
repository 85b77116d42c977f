package io.peerhub.session;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.Optional;

/**
 * What a {@code hello} asked for and the hub agrees to: read, defaulted, clamped to what the wire
 * allows.
 *
 * @param resume the session to go on with, if any
 * @param clientAcks whether the peer acknowledges by itself
 * @param risingIds whether it names its critical messages in rising order
 */
record Terms(
    Identity identity,
    String method,
    Optional<Frame.Resume> resume,
    boolean clientAcks,
    int window,
    Duration heartbeat,
    boolean risingIds,
    String client) {
  /** The version of the wire that is spoken here. */
  static final int VERSION = 1;

  private static final int CLIENT_MAX = 128;

  /** Either terms, or the refusal that ends the connection. */
  sealed interface Reading {}

  record Agreed(Terms terms) implements Reading {}

  record Refused(Refusal refusal) implements Reading {}

  static Reading read(Frame.Hello hello, SessionSettings settings) {
    if (hello.version() != VERSION) {
      return new Refused(Refusal.VERSION);
    }
    if (!Identity.isValid(hello.peer())) {
      return new Refused(Refusal.BAD_NAME);
    }
    if (!hello.ids().isEmpty() && !hello.ids().equals("rising")) {
      return new Refused(Refusal.MALFORMED);
    }
    if (!hello.ack().isEmpty() && !hello.ack().equals("auto") && !hello.ack().equals("client")) {
      return new Refused(Refusal.MALFORMED);
    }
    return new Agreed(
        new Terms(
            new Identity(hello.peer()),
            hello.auth(),
            hello.resume(),
            hello.ack().equals("client"),
            hello.window() == 0
                ? settings.window()
                : Math.clamp(hello.window(), 1, SessionSettings.WINDOW_MAX),
            heartbeat(hello.heartbeatMs(), settings),
            hello.ids().equals("rising"),
            clip(hello.client())));
  }

  private static Duration heartbeat(int asked, SessionSettings settings) {
    if (asked == 0) {
      return settings.heartbeat();
    }
    return Duration.ofMillis(
        Math.clamp(
            asked,
            SessionSettings.HEARTBEAT_MIN.toMillis(),
            SessionSettings.HEARTBEAT_MAX.toMillis()));
  }

  private static String clip(String client) {
    return client.length() <= CLIENT_MAX ? client : client.substring(0, CLIENT_MAX);
  }
}
