package io.peerhub.connection;

import com.typesafe.config.ConfigFactory;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The least that can stand in the place of the sessions: an actor for each connection, and a map
 * from identities to them. For profiling this package with the load generator; one loop only.
 */
final class ProfilingRouter {
  private record Delivery(String from, Frame.Send send) implements SessionInput {}

  private final Map<String, ActorRef<SessionInput>> peers = new HashMap<>();

  private ProfilingRouter() {}

  /** Listens on the port given, until it is killed. */
  public static void main(String[] arguments) throws Exception {
    Loops loops = Loops.start(1);
    ProfilingRouter router = new ProfilingRouter();
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  ActorRef<Sessions.Command> keeper =
                      context.spawn(router.keeper(), "sessions", loops.dispatcher(0));
                  TestSettings settings = new TestSettings();
                  settings.port = Integer.parseInt(arguments[0]);
                  settings.sendBuffer = 0;
                  Listener.open(
                      settings.build(),
                      loops,
                      List.of(keeper),
                      new Meters(),
                      new Ledger(),
                      new Levels(System::nanoTime));
                  return Behaviors.empty();
                }),
            "profiling",
            loops.config().withFallback(ConfigFactory.load()));
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private Behavior<Sessions.Command> keeper() {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                command -> {
                  if (command instanceof Sessions.Open open) {
                    Outlet outlet = open.outlet();
                    ActorRef<SessionInput> session =
                        context.spawnAnonymous(
                            new Peer(outlet).behavior(), DispatcherSelector.sameAsParent());
                    outlet.opened(session.narrow());
                  }
                  return Behaviors.same();
                }));
  }

  private final class Peer {
    private final Outlet outlet;
    private String name;
    private ActorRef<SessionInput> self;
    private long seq;

    Peer(Outlet outlet) {
      this.outlet = outlet;
    }

    Behavior<SessionInput> behavior() {
      return Behaviors.setup(
          context -> {
            self = context.getSelf();
            return Behaviors.receiveMessage(this::heard);
          });
    }

    private Behavior<SessionInput> heard(SessionInput input) {
      if (input instanceof Delivery delivery) {
        deliver(delivery);
      } else if (input instanceof Session.Received received) {
        List<Frame.FromPeer> frames = received.frames();
        for (int i = 0; i < frames.size(); i++) {
          frame(frames.get(i));
        }
      } else if (input instanceof Session.Closed) {
        peers.remove(name, self);
        return Behaviors.stopped();
      }
      return Behaviors.same();
    }

    private void deliver(Delivery delivery) {
      Frame.Send send = delivery.send();
      outlet.send(
          new Frame.Message(
              ++seq,
              delivery.from(),
              send.body(),
              send.id(),
              "",
              send.delivery(),
              send.re(),
              0,
              0,
              false,
              0,
              send.headers()));
    }

    private void frame(Frame.FromPeer frame) {
      if (frame instanceof Frame.Send send) {
        ActorRef<SessionInput> to = peers.get(send.to());
        if (to != null) {
          to.tell(new Delivery(name, send));
        }
      } else if (frame instanceof Frame.Join join) {
        outlet.send(new Frame.Presence(join.room(), name, "members", "", List.of(), 0, join.id()));
      } else if (frame instanceof Frame.Hello hello) {
        name = hello.peer();
        peers.put(name, self);
        outlet.admit(1 << 20);
        outlet.send(
            new Frame.Welcome(
                "s", 1, false, 0, 30_000, 60_000, 1 << 20, 256, "n", List.of(), "", ""));
      }
    }
  }
}
