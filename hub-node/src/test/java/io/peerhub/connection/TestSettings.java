package io.peerhub.connection;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings that are small and quick enough to run into. */
final class TestSettings {
  int port = 0;
  int maxConnections = 20_000;
  int rate = 100_000;
  int burst = 20_000;
  Duration handshake = Duration.ofSeconds(10);
  long unauthenticated = 64 << 20;
  int waiting = 1 << 20;
  long nodeWaiting = 64 << 20;
  int sendBuffer = 1 << 16;
  Duration notReading = Duration.ofSeconds(30);
  Duration close = Duration.ofSeconds(1);
  Optional<TlsSettings> tls = Optional.empty();
  boolean allowPlaintext = true;
  List<String> origins = List.of();

  ConnectionSettings build() {
    return new ConnectionSettings(
        "127.0.0.1",
        port,
        1,
        new ConnectionSettings.Accept(1024, maxConnections, rate, burst),
        new ConnectionSettings.Handshake(handshake, 8192, unauthenticated),
        new ConnectionSettings.Outbound(waiting, nodeWaiting, sendBuffer, notReading, close),
        tls,
        allowPlaintext,
        origins);
  }
}
