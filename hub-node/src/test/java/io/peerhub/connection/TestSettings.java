package io.peerhub.connection;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings in which no time runs out, for however long a test takes: what is to run into a limit of
 * time sets one that it cannot miss.
 */
final class TestSettings {
  static final Duration NEVER = Duration.ofHours(1);

  int port = 0;
  int maxConnections = 20_000;
  int rate = 100_000;
  int burst = 20_000;
  Duration handshake = NEVER;
  int handshakeBytes = 8192;
  long unauthenticated = 64 << 20;
  int waiting = 1 << 20;
  long nodeWaiting = 64 << 20;
  int sendBuffer = 1 << 16;
  Duration notReading = NEVER;
  Duration close = NEVER;
  Optional<TlsSettings> tls = Optional.empty();
  boolean allowPlaintext = true;
  List<String> origins = List.of();

  ConnectionSettings build() {
    return new ConnectionSettings(
        "127.0.0.1",
        port,
        1,
        new ConnectionSettings.Accept(1024, maxConnections, rate, burst),
        new ConnectionSettings.Handshake(handshake, handshakeBytes, unauthenticated),
        new ConnectionSettings.Outbound(waiting, nodeWaiting, sendBuffer, notReading, close),
        tls,
        allowPlaintext,
        origins);
  }
}
