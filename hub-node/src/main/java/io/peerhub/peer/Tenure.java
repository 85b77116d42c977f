package io.peerhub.peer;

import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import java.time.Duration;

/**
 * Why a peer's actor is there: for the session that is attached, or for a time that a timer ends.
 * With neither it would be there for ever, and whoever looks through the ledger ends it.
 */
final class Tenure implements Ledger.Owner {
  /** How far behind its time the timer may be before it counts as lost. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Identity identity;
  private final Seating seating;
  private final Runnable idle;
  private final Ledger.Entry entry;
  private long until;

  /**
   * @param idle asks the peer to end if nobody is attached
   */
  Tenure(Identity identity, Seating seating, Ledger ledger, Duration first, Runnable idle) {
    this.identity = identity;
    this.seating = seating;
    this.idle = idle;
    keepFor(first);
    this.entry = ledger.open(Resource.PEER, this);
  }

  /** There is a reason for this long, whoever is attached. */
  void keepFor(Duration time) {
    until = System.nanoTime() + time.plus(SLACK).toNanos();
  }

  void end() {
    entry.close();
  }

  @Override
  public String named() {
    return identity.text();
  }

  @Override
  public boolean needsIt() {
    return !seating.isVacant() || until - System.nanoTime() > 0;
  }

  @Override
  public void reclaim() {
    idle.run();
  }
}
