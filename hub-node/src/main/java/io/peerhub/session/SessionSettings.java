package io.peerhub.session;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of sessions: {@code peerhub.session}. Ranges are those of the wire's reference.
 *
 * @param resumeWindow how long a session survives its connection
 * @param heartbeat the silence after which a side pings, where the peer names none
 * @param window how many deliveries may be unacknowledged, where the peer names none
 * @param maxFrame the largest frame that a peer may send, in bytes
 * @param queueMaxCount the most live messages that wait for one peer
 * @param queueMaxBytes the most bytes that wait for one peer
 * @param liveTtl the longest life of a live message
 * @param sendsPerSecond the most sends of one peer in the long run
 * @param sendsBurst the most sends of one peer at once
 * @param badFramesMax the bad frames within a minute that end a connection
 * @param attachTimeout how long the peer's answer is waited for before it is asked again
 * @param ackTimeout how long a peer that acknowledges may leave everything unacknowledged
 * @param handOverTimeout the longest pause in a hand-over before it counts as broken
 * @param lingerAfterMove how long a session that moved goes on forwarding after the last mail
 */
public record SessionSettings(
    Duration resumeWindow,
    Duration heartbeat,
    Duration ackTimeout,
    int window,
    int maxFrame,
    int queueMaxCount,
    long queueMaxBytes,
    Duration liveTtl,
    int sendsPerSecond,
    int sendsBurst,
    int badFramesMax,
    Duration attachTimeout,
    Duration handOverTimeout,
    Duration lingerAfterMove) {
  /** The range of a heartbeat that a peer may ask for. */
  static final Duration HEARTBEAT_MIN = Duration.ofSeconds(1);

  static final Duration HEARTBEAT_MAX = Duration.ofSeconds(300);

  /** The largest window that a peer may ask for. */
  static final int WINDOW_MAX = 10_000;

  public SessionSettings {
    within("heartbeat", heartbeat, HEARTBEAT_MIN, HEARTBEAT_MAX);
    within("ack-timeout", ackTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
    within("resume-window", resumeWindow, Duration.ofMillis(1), Duration.ofHours(1));
    within("live-ttl", liveTtl, Duration.ofMillis(1), Duration.ofHours(1));
    within("attach-timeout", attachTimeout, Duration.ofMillis(1), Duration.ofMinutes(1));
    within("hand-over-timeout", handOverTimeout, Duration.ofMillis(1), Duration.ofMinutes(1));
    within("linger-after-move", lingerAfterMove, Duration.ofMillis(1), Duration.ofMinutes(10));
    within("window", window, 1, WINDOW_MAX);
    within("max-frame", maxFrame, 8 * 1024, 64 << 20);
    within("queue-max-count", queueMaxCount, 1, 1_000_000);
    within("queue-max-bytes", queueMaxBytes, 1024L, 1L << 30);
    within("sends-per-second", sendsPerSecond, 1, 100_000_000);
    within("sends-burst", sendsBurst, 1, 1_000_000);
    within("bad-frames-max", badFramesMax, 1, 1000);
  }

  /** Reads the block {@code peerhub.session}. */
  public static SessionSettings from(Config config) {
    return new SessionSettings(
        config.getDuration("resume-window"),
        config.getDuration("heartbeat"),
        config.getDuration("ack-timeout"),
        config.getInt("window"),
        config.getBytes("max-frame").intValue(),
        config.getInt("queue-max-count"),
        config.getBytes("queue-max-bytes"),
        config.getDuration("live-ttl"),
        config.getInt("sends-per-second"),
        config.getInt("sends-burst"),
        config.getInt("bad-frames-max"),
        config.getDuration("attach-timeout"),
        config.getDuration("hand-over-timeout"),
        config.getDuration("linger-after-move"));
  }

  private static <T extends Comparable<T>> void within(String key, T value, T low, T high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          "peerhub.session." + key + " is " + value + ", allowed is " + low + " to " + high);
    }
  }
}
