package io.peerhub.connection;

import com.typesafe.config.ConfigFactory;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;

/** Loops with an actor system on them, and ports as a test wants them. */
final class TestLoops implements AutoCloseable {
  final Loops loops;
  final ActorTestKit kit;

  TestLoops(int count) {
    loops = Loops.start(count);
    kit =
        ActorTestKit.create(
            loops
                .config()
                .withFallback(
                    ConfigFactory.parseString(
                        """
                        pekko.loglevel = WARNING
                        pekko.stdout-loglevel = WARNING
                        pekko.actor.default-dispatcher.fork-join-executor.parallelism-max = 2
                        pekko.actor.testkit.typed.system-shutdown-default = 60s
                        # a loop without actors loses its executor at once, not after a second
                        peerhub.loop.0.shutdown-timeout = 1ms
                        """))
                .withFallback(ConfigFactory.load()));
  }

  /** A port whose sessions are recorded, and act as the script says. */
  TestPort port(UnaryOperator<TestSettings> settings, TestPort.Script script) {
    Meters meters = new Meters();
    Ledger ledger = new Ledger();
    TestPort port = new TestPort(meters, ledger, script);
    List<ActorRef<Sessions.Command>> keepers = new ArrayList<>();
    for (int i = 0; i < loops.count(); i++) {
      keepers.add(kit.spawn(port.keeper(), loops.dispatcher(i)));
    }
    try {
      ConnectionSettings chosen = settings.apply(new TestSettings()).build();
      return port.listen(
          Listener.open(chosen, loops, keepers, meters, ledger, new Levels(System::nanoTime)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestPort port(TestPort.Script script) {
    return port(UnaryOperator.identity(), script);
  }

  /** Returns when what was under way on the loops has run, with what that has set going. */
  void settle() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < loops.count(); i++) {
        loops.loop(i).submit(() -> {}).syncUninterruptibly();
      }
    }
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
    loops.close();
  }
}
