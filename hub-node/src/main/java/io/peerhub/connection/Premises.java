package io.peerhub.connection;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Levels.Store;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all connections of a node share. Safe for any thread. */
record Premises(
    ConnectionSettings settings,
    Optional<TlsStage> tls,
    Meters meters,
    Ledger ledger,
    ByteBudget unread,
    ByteBudget waiting,
    AtomicInteger connectionCount,
    AtomicLong connectionNumbers) {

  static Premises of(ConnectionSettings settings, Meters meters, Ledger ledger) {
    return new Premises(
        settings,
        settings.tls().map(tls -> TlsStage.from(tls, Clock.systemUTC())),
        meters,
        ledger,
        new ByteBudget(settings.handshake().maxNodeBytes()),
        new ByteBudget(settings.outbound().maxNodeBytes()),
        new AtomicInteger(),
        new AtomicLong());
  }

  /** Says how full the stores of the connections are. */
  void show(Levels levels) {
    levels.register(Store.UNAUTHENTICATED_INPUT, unread::used, unread.max());
    levels.register(Store.OUTPUT, waiting::used, waiting.max());
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      // The JVM gives buffers as much as the heap, unless it is told otherwise.
      long max = Runtime.getRuntime().maxMemory();
      levels.register(Store.BUFFERS, provider.metric()::usedDirectMemory, max);
    }
  }

  boolean full() {
    return connectionCount.get() > settings.accept().maxConnections();
  }
}
