package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;

import io.peerhub.protocol.Frame;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A port of the hub with sessions that do what a test tells them. */
final class TestPort implements AutoCloseable {
  /** What a session does with what it hears; runs in the session's actor. */
  interface Script {
    void heard(Outlet outlet, Session.Command input);
  }

  /** Answers every send with a message, as if it came from another peer; admits at hello. */
  static final Script ECHO =
      (outlet, input) -> {
        if (input instanceof Session.Received received) {
          received.frames().forEach(frame -> echo(outlet, frame));
        } else if (input instanceof Session.Malformed malformed) {
          outlet.send(
              new Frame.Error(malformed.cause().refusal().code(), malformed.cause().getMessage()));
          outlet.close();
        }
      };

  final Meters meters;
  final Ledger ledger;
  final BlockingQueue<Session.Command> heard = new LinkedBlockingQueue<>();
  final BlockingQueue<Outlet> outlets = new LinkedBlockingQueue<>();
  final BlockingQueue<ActorRef<Session.Command>> sessions = new LinkedBlockingQueue<>();
  final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
  private final Script script;
  private Listener listener;

  TestPort(Meters meters, Ledger ledger, Script script) {
    this.meters = meters;
    this.ledger = ledger;
    this.script = script;
  }

  private static void echo(Outlet outlet, Frame.FromPeer frame) {
    switch (frame) {
      case Frame.Hello hello -> outlet.admit(1 << 20);
      case Frame.Send send ->
          outlet.send(
              new Frame.Message(
                  0,
                  "echo",
                  send.body(),
                  send.id(),
                  "",
                  send.delivery(),
                  "",
                  0,
                  0,
                  false,
                  0,
                  java.util.Map.of()));
      default -> outlet.send(new Frame.Pong(1, java.util.Map.of()));
    }
  }

  TestPort listen(Listener opened) {
    listener = opened;
    return this;
  }

  Behavior<Sessions.Command> keeper() {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                command -> {
                  if (command instanceof Sessions.Open open) {
                    open(context, open.outlet());
                  }
                  return Behaviors.same();
                }));
  }

  private void open(ActorContext<Sessions.Command> context, Outlet outlet) {
    Behavior<Session.Command> session =
        Behaviors.receiveMessage(
            input -> {
              heard.add(input);
              threads.add(Thread.currentThread().getName());
              script.heard(outlet, input);
              return input instanceof Session.Closed ? Behaviors.stopped() : Behaviors.same();
            });
    outlets.add(outlet);
    ActorRef<Session.Command> opened =
        context.spawnAnonymous(session, DispatcherSelector.sameAsParent());
    sessions.add(opened);
    outlet.opened(opened);
  }

  TlsStage tls() {
    return listener.premises().tls().orElseThrow();
  }

  ByteBudget unread() {
    return listener.premises().unread();
  }

  InetSocketAddress address() {
    return listener.address();
  }

  /** The next thing that a session of this port hears. */
  Session.Command next() throws InterruptedException {
    return next(heard);
  }

  /** The outlet of the connection that has opened a session next. */
  Outlet outlet() throws InterruptedException {
    return next(outlets);
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came in " + PATIENCE);
    }
    return next;
  }

  /** The frames of the next batch; how many there are is the kernel's business. */
  List<Frame.FromPeer> frames() throws InterruptedException {
    return ((Session.Received) next()).frames();
  }

  /** So many frames, however they were batched. */
  List<Frame.FromPeer> frames(int count) throws InterruptedException {
    List<Frame.FromPeer> frames = new ArrayList<>();
    while (frames.size() < count) {
      frames.addAll(frames());
    }
    return frames;
  }

  /** Runs on the loop of the outlet, as a session would. */
  static void on(Outlet outlet, Runnable action) {
    ((Connection) outlet).channel().eventLoop().submit(action).syncUninterruptibly();
  }

  @Override
  public void close() {
    listener.close();
  }
}
