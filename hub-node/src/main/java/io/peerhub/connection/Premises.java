package io.peerhub.connection;

import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
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
        settings.tls().map(TlsStage::from),
        meters,
        ledger,
        new ByteBudget(settings.handshake().maxNodeBytes()),
        new ByteBudget(settings.outbound().maxNodeBytes()),
        new AtomicInteger(),
        new AtomicLong());
  }

  boolean full() {
    return connectionCount.get() > settings.accept().maxConnections();
  }
}
