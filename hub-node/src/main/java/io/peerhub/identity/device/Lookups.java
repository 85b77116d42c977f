package io.peerhub.identity.device;

import io.peerhub.persistence.DeviceRow;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Questions to the store, many in one statement: while one is out, the next ones gather. So there
 * is one connection for them all, whatever comes at once, and an answer is never older than its
 * question.
 *
 * <p>Those that wait are limited: past that, and when the store cannot be asked, the answer fails.
 */
public final class Lookups {
  /** The most identities of one statement. */
  static final int BATCH_MAX = 256;

  /** Where the answers come from; waits for them. */
  public interface Store {
    List<DeviceRow> find(Collection<Identity> identities) throws SQLException;
  }

  /** Hears each answer before who asked does, on the thread that asks the store. */
  interface Hearer {
    /** The mark was taken before the store was asked. */
    void found(Identity identity, Optional<Device> device, long mark);
  }

  /** The store did not answer, or too many wait for it. */
  static final class Unanswered extends RuntimeException {
    Unanswered(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Store store;
  private final int waitingMax;
  private final Hearer hearer;
  private final Executor executor;
  private final LongSupplier marks;
  private final Map<Identity, CompletableFuture<Optional<Device>>> waiting = new LinkedHashMap<>();
  private boolean running;

  /**
   * @param executor a thread that may wait, for one task at a time
   * @param marks what the hearer is told of the time of a question
   */
  Lookups(Store store, int waitingMax, Hearer hearer, Executor executor, LongSupplier marks) {
    this.store = store;
    this.waitingMax = waitingMax;
    this.hearer = hearer;
    this.executor = executor;
    this.marks = marks;
  }

  /** Asks; who asks for the same before the question is out shares its answer. */
  synchronized CompletionStage<Optional<Device>> ask(Identity identity) {
    CompletableFuture<Optional<Device>> asked = waiting.get(identity);
    if (asked != null) {
      return asked;
    }
    if (waiting.size() >= waitingMax) {
      return CompletableFuture.failedFuture(
          new Unanswered("too many questions wait for the store", null));
    }
    CompletableFuture<Optional<Device>> answer = new CompletableFuture<>();
    waiting.put(identity, answer);
    if (!running) {
      running = true;
      executor.execute(this::work);
    }
    return answer;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  private void work() {
    for (Map<Identity, CompletableFuture<Optional<Device>>> batch = next();
        !batch.isEmpty();
        batch = next()) {
      answer(batch);
    }
  }

  private synchronized Map<Identity, CompletableFuture<Optional<Device>>> next() {
    Map<Identity, CompletableFuture<Optional<Device>>> batch = new LinkedHashMap<>();
    Iterator<Map.Entry<Identity, CompletableFuture<Optional<Device>>>> all =
        waiting.entrySet().iterator();
    while (all.hasNext() && batch.size() < BATCH_MAX) {
      Map.Entry<Identity, CompletableFuture<Optional<Device>>> first = all.next();
      batch.put(first.getKey(), first.getValue());
      all.remove();
    }
    running = !batch.isEmpty();
    return batch;
  }

  private void answer(Map<Identity, CompletableFuture<Optional<Device>>> batch) {
    long mark = marks.getAsLong();
    Map<Identity, Device> found = new HashMap<>();
    try {
      for (DeviceRow row : store.find(new ArrayList<>(batch.keySet()))) {
        found.put(row.identity(), Device.of(row));
      }
    } catch (SQLException | RuntimeException away) {
      Unanswered unanswered = new Unanswered("the store does not answer", away);
      batch.values().forEach(answer -> answer.completeExceptionally(unanswered));
      return;
    }
    batch.forEach(
        (identity, answer) -> {
          Optional<Device> device = Optional.ofNullable(found.get(identity));
          hearer.found(identity, device, mark);
          answer.complete(device);
        });
  }
}
