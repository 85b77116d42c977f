package io.peerhub.connection;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import io.peerhub.telemetry.Levels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * The event loops, each of which is the thread of a Pekko dispatcher too: who reads a socket, who
 * runs the actor of its session and who writes the answer are one thread, because the hand-off
 * between threads is what costs (8 us against 17 for a message in both directions).
 *
 * <p>Started before the actor system, whose configuration has to contain {@link #config()}; closed
 * after it. Two systems in one JVM have loops of their own: the configuration names them by a key.
 */
public final class Loops implements AutoCloseable {
  /** How many messages an actor takes before the next one has its turn. */
  private static final int THROUGHPUT = 64;

  /** How long actors run before the sockets are looked at again, in milliseconds. */
  private static final long TURN_MAX_MS = 5;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String DISPATCHER = "peerhub.loop.";

  private final String key = UUID.randomUUID().toString();
  private final Group group;
  private final List<EventLoop> loops = new ArrayList<>();

  private Loops(int count) {
    group = new Group(count);
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      // A thread starts with its first task: one after the other, so that its number is the loop's.
      loop.submit(() -> {}).syncUninterruptibly();
      LoopExecutor.register(key(loops.size()), loop);
      loops.add(loop);
    }
  }

  /** Starts {@code count} loops, on epoll where there is one. */
  public static Loops start(int count) {
    return new Loops(count);
  }

  /** The dispatchers, to be merged into the configuration of the actor system. */
  public Config config() {
    Map<String, Object> dispatchers = new HashMap<>();
    for (int i = 0; i < loops.size(); i++) {
      dispatchers.put(
          DISPATCHER + i,
          Map.of(
              "type",
              "Dispatcher",
              "executor",
              LoopExecutor.Configurator.class.getName(),
              LoopExecutor.KEY,
              key(i),
              "throughput",
              THROUGHPUT));
    }
    return ConfigFactory.parseMap(dispatchers, "the event loops");
  }

  public int count() {
    return loops.size();
  }

  /** Where an actor is spawned that shall run on loop {@code i}. */
  public DispatcherSelector dispatcher(int i) {
    return DispatcherSelector.fromConfig(DISPATCHER + i);
  }

  /** Looks once a second how late each loop is; ends with the loops. */
  void timeTurns(Levels levels) {
    loops.forEach(loop -> timeTurn(loop, levels));
  }

  private static void timeTurn(EventLoop loop, Levels levels) {
    long due = System.nanoTime() + LOOK_NANOS;
    loop.schedule(
        () -> {
          try {
            levels.late(System.nanoTime() - due);
          } finally {
            timeTurn(loop, levels);
          }
        },
        LOOK_NANOS,
        TimeUnit.NANOSECONDS);
  }

  EventLoop loop(int i) {
    return loops.get(i);
  }

  static boolean onEpoll() {
    return Epoll.isAvailable();
  }

  /** Ends the threads, and with them every connection that is left. */
  @Override
  public void close() {
    for (int i = 0; i < loops.size(); i++) {
      LoopExecutor.unregister(key(i));
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private String key(int i) {
    return key + "/" + i;
  }

  private static final class Group extends MultiThreadIoEventLoopGroup {
    Group(int count) {
      super(count, threads(), onEpoll() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
      return new BoundedTurns(this, executor, handlers);
    }

    private static ThreadFactory threads() {
      AtomicInteger next = new AtomicInteger();
      return task -> new FastThreadLocalThread(task, "hub-loop-" + next.getAndIncrement());
    }
  }

  /** Netty's own limit is a second of tasks between two looks at the sockets. */
  private static final class BoundedTurns extends SingleThreadIoEventLoop {
    BoundedTurns(Group group, Executor executor, IoHandlerFactory handlers) {
      super(
          group,
          executor,
          handlers,
          Integer.MAX_VALUE,
          RejectedExecutionHandlers.reject(),
          TURN_MAX_MS);
    }
  }
}
