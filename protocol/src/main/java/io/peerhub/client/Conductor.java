package io.peerhub.client;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Decides which connection there is: dials, waits, moves on, gives up. The one thread that changes
 * it, so that what two connections tell at once has an order.
 *
 * <pre>
 *   dialing --welcome--> live --ended--> waiting --> dialing        final refusal --> closed
 *                         | goaway
 *                         +--> slot --> dialing elsewhere, still live here --> live there, close here
 * </pre>
 */
final class Conductor implements Threads.Work, Connection.Events {
  /** A connection that lived so long was good: the next failure is the first again. */
  private static final long GOOD_NANOS = Duration.ofSeconds(5).toNanos();

  private sealed interface Signal {
    record Ended(Connection connection, Exception cause) implements Signal {}

    record SentAway(Connection connection, Frame.Goaway goaway) implements Signal {}

    record Stop() implements Signal {}
  }

  /** The end of all trying: stopped, or refused for good. */
  private static final class Over extends Exception {
    Over(Exception cause) {
      super(cause);
    }
  }

  private final ClientSettings settings;
  private final Conversation conversation;
  private final Notices notices;
  private final Threads threads;
  private final Runnable whenOver;
  private final ServerRing ring;
  private final Backoff backoff;

  /** Bounded by its writers: two signals a connection, one stop. */
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  private volatile boolean isStopped;
  private volatile Transport dialing;
  private Connection current;
  private long liveSince;

  /**
   * @param whenOver called when the client has come to its end by itself
   */
  Conductor(
      ClientSettings settings,
      Conversation conversation,
      Notices notices,
      Threads threads,
      Runnable whenOver) {
    this.settings = settings;
    this.conversation = conversation;
    this.notices = notices;
    this.threads = threads;
    this.whenOver = whenOver;
    this.ring = new ServerRing(settings.servers());
    this.backoff =
        new Backoff(
            settings.retry(),
            settings.servers().size(),
            () -> ThreadLocalRandom.current().nextDouble());
  }

  @Override
  public void ended(Connection connection, Exception cause) {
    signals.add(new Signal.Ended(connection, cause));
  }

  @Override
  public void sentAway(Connection connection, Frame.Goaway goaway) {
    signals.add(new Signal.SentAway(connection, goaway));
  }

  /** The next end of a connection is the last: the hub has been told good-bye. */
  void expectEnd() {
    isStopped = true;
  }

  /** Ends it, from any thread. */
  void stop() {
    isStopped = true;
    signals.add(new Signal.Stop());
    Transport open = dialing;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void run() {
    Optional<Exception> cause = Optional.empty();
    try {
      dialUntilLive();
      while (true) {
        on(signals.take());
      }
    } catch (Over over) {
      cause = Optional.ofNullable((Exception) over.getCause());
    } catch (InterruptedException stopped) {
      cause = Optional.empty();
    } catch (RuntimeException bug) {
      cause = Optional.of(bug); // a client that fell silent would be worse than one that says so
    }
    conversation.close(cause);
    if (current != null) {
      current.close(null);
    }
    whenOver.run();
  }

  private void on(Signal signal) throws Over, InterruptedException {
    switch (signal) {
      case Signal.Ended ended -> {
        if (ended.connection() == current) {
          onEnded(ended.cause(), false);
        }
      }
      case Signal.SentAway away -> {
        if (away.connection() == current) {
          moveElsewhere(away.goaway());
        }
      }
      case Signal.Stop stop -> throw new Over(null);
    }
  }

  /**
   * @param isMoving whether the hub may speak of a newer connection that is our own
   */
  private void onEnded(Exception cause, boolean isMoving) throws Over, InterruptedException {
    current = null;
    if (System.nanoTime() - liveSince >= GOOD_NANOS) {
      backoff.succeeded();
      ring.restart();
    }
    failed(cause, isMoving);
    dialUntilLive();
  }

  private void dialUntilLive() throws Over, InterruptedException {
    while (current == null) {
      try {
        dial(ring.next());
      } catch (IOException | BadFrame | RefusedException failure) {
        failed(failure, false);
      }
    }
  }

  /** Tells of a failure, and waits before the next attempt, if there is to be one. */
  private void failed(Exception cause, boolean isMoving) throws Over, InterruptedException {
    stopIfOver(cause, isMoving);
    conversation.lost(cause);
    Duration wait = waitAfter(cause);
    if (backoff.isExhausted()) {
      throw new Over(cause);
    }
    pause(wait);
  }

  private Duration waitAfter(Exception cause) {
    return backoff.failed(
        cause instanceof RefusedException refusal ? refusal.retryAfter() : Duration.ZERO);
  }

  private void stopIfOver(Exception cause, boolean isMoving) throws Over {
    if (isStopped) {
      throw new Over(null);
    }
    if (cause instanceof RefusedException refusal) {
      boolean isOurs = isMoving && refusal.code() == Refusal.TAKEN_OVER.code();
      if (refusal.isFinal() && !isOurs) {
        notices.refused(refusal);
        throw new Over(refusal);
      }
      notices.refused(refusal);
    }
  }

  /** Connects and is welcome, or fails; the connection that there was is closed behind it. */
  private void dial(ServerAddress server) throws IOException, BadFrame, Over {
    Transport transport = new Transport();
    dialing = transport;
    if (isStopped) {
      throw new Over(null);
    }
    boolean isWelcome = false;
    Duration limit = settings.patience().connect().plus(settings.patience().handshake());
    Runnable inTime = threads.guard(transport, limit);
    try {
      transport.connect(server, settings.patience().connect(), settings.tls());
      Session.Opening opening = conversation.opening();
      Frame.Welcome welcome = new Handshake(settings, transport).open(opening.resume());
      adopt(new Connection(transport, conversation, this), opening, welcome);
      isWelcome = true;
    } finally {
      inTime.run();
      dialing = null;
      if (!isWelcome) {
        transport.close();
      }
    }
  }

  private void adopt(Connection connection, Session.Opening opening, Frame.Welcome welcome) {
    ring.learn(welcome.nodes());
    conversation.welcomed(connection, opening, welcome);
    connection.start(threads);
    if (current != null) {
      current.close(null);
    }
    current = connection;
    liveSince = System.nanoTime();
  }

  /** This connection is used until another one is welcome. */
  private void moveElsewhere(Frame.Goaway goaway) throws Over, InterruptedException {
    Connection left = current;
    Optional<Exception> end = pause(Duration.ofMillis(goaway.reconnectInMs()));
    boolean isMoving = false;
    Iterator<ServerAddress> servers = ring.elsewhere(goaway.nodes()).iterator();
    while (end.isEmpty()) {
      if (!servers.hasNext()) {
        servers = ring.elsewhere(goaway.nodes()).iterator();
      }
      isMoving = true;
      try {
        dial(servers.next());
        return;
      } catch (IOException | BadFrame | RefusedException failure) {
        stopIfOver(failure, false);
        end = pause(waitAfter(failure));
      }
    }
    onEnded(end.get(), isMoving);
  }

  /**
   * Waits; returns early with the cause if the connection that there is ends meanwhile. What an
   * earlier one has to say is of no interest any more.
   */
  private Optional<Exception> pause(Duration duration) throws Over, InterruptedException {
    long deadline = System.nanoTime() + duration.toNanos();
    while (true) {
      Signal signal = signals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (signal == null) {
        return Optional.empty();
      }
      if (signal instanceof Signal.Stop) {
        throw new Over(null);
      }
      if (signal instanceof Signal.Ended ended && ended.connection() == current) {
        return Optional.of(ended.cause());
      }
    }
  }
}
