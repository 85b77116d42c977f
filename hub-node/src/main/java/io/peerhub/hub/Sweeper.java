package io.peerhub.hub;

import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Sweep;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Runs a sweep of the ledger again and again ("Watch" shape), on a thread that serves no peer.
 * Nothing asks it, and it is started anew should it fail.
 */
final class Sweeper {
  private sealed interface Command {}

  private record Look() implements Command {}

  private record LookAgain(List<Entry> suspects) implements Command {}

  private static final String AGAIN = "again";

  private Sweeper() {}

  /**
   * @param rhythm between two sweeps
   * @param settle between the two looks of one
   */
  static Behavior<?> create(Sweep sweep, Duration rhythm, Duration settle) {
    Behavior<Command> sweeping =
        Behaviors.withTimers(
            timers -> {
              timers.startTimerWithFixedDelay(new Look(), rhythm);
              return Behaviors.receiveMessage(
                  command -> {
                    switch (command) {
                      // A look while the second one is due would put that off, again and again.
                      case Look look when timers.isTimerActive(AGAIN) -> {}
                      case Look look -> {
                        List<Entry> suspects = sweep.suspects();
                        if (!suspects.isEmpty()) {
                          timers.startSingleTimer(AGAIN, new LookAgain(suspects), settle);
                        }
                      }
                      case LookAgain again -> sweep.reclaim(again.suspects());
                    }
                    return Behaviors.same();
                  });
            });
    return Behaviors.supervise(sweeping).onFailure(SupervisorStrategy.restart());
  }
}
