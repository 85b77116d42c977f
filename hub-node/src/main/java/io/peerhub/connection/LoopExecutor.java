package io.peerhub.connection;

import com.typesafe.config.Config;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * An event loop as a dispatcher sees it. Pekko shuts the executor of a dispatcher down when its
 * last actor has stopped, and asks for a new one with the next: a loop outlives both, so shutting
 * down is ignored here and is {@link Loops#close()}'s alone.
 */
final class LoopExecutor extends AbstractExecutorService {
  /** The key in a dispatcher's configuration that names its loop. */
  static final String KEY = "loop-key";

  /** A configuration holds text only, so this is how a dispatcher finds its loop. */
  private static final Map<String, EventLoop> LOOPS = new ConcurrentHashMap<>();

  private final EventLoop loop;

  private LoopExecutor(EventLoop loop) {
    this.loop = loop;
  }

  static void register(String key, EventLoop loop) {
    LOOPS.put(key, loop);
  }

  static void unregister(String key) {
    LOOPS.remove(key);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void shutdown() {
    // See the class.
  }

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return loop.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return loop.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return loop.awaitTermination(timeout, unit);
  }

  /** Made by Pekko, by its name in the configuration of {@link Loops#config()}. */
  static final class Configurator extends ExecutorServiceConfigurator {
    private final String key;

    public Configurator(Config config, DispatcherPrerequisites prerequisites) {
      super(config, prerequisites);
      this.key = config.getString(KEY);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
      return this::executor;
    }

    private ExecutorService executor() {
      EventLoop loop = LOOPS.get(key);
      if (loop == null) {
        throw new IllegalStateException("the event loops are closed");
      }
      return new LoopExecutor(loop);
    }
  }
}
