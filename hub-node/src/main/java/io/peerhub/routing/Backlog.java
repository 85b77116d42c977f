package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What waits for a link's credit: one queue a target, taken from in turn, so that one flooded
 * target does not hold up the others. Where there is no room, the targets with most bytes lose
 * their oldest messages, and are told so at that place; nothing but messages is ever dropped here.
 */
final class Backlog {
  private static final class Queue {
    final ActorRef<SessionInput> target;
    final ArrayDeque<SessionInput> inputs = new ArrayDeque<>();
    long bytes;
    long lost;

    Queue(ActorRef<SessionInput> target) {
      this.target = target;
    }
  }

  /** Stands in every queue for an item that follows when this has left them all. */
  private static final class Mark implements SessionInput {
    final LinkItem item;
    int queues;

    Mark(LinkItem item, int queues) {
      this.item = item;
      this.queues = queues;
    }

    @Override
    public int weight() {
      return 0;
    }
  }

  private final LinkedHashMap<ActorRef<SessionInput>, Queue> queues = new LinkedHashMap<>();
  private final String reason;
  private long bytes;

  /**
   * @param reason what a target is told about messages that were dropped
   */
  Backlog(String reason) {
    this.reason = reason;
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  void add(LinkItem item) {
    Queue queue = queue(item.target());
    int weight = item.input().weight();
    queue.inputs.add(item.input());
    queue.bytes += weight;
    bytes += weight;
  }

  /** Adds an item that may overtake nothing: it leaves when all that is here has left. */
  void addBehindAll(LinkItem item) {
    if (isEmpty()) {
      add(item);
      return;
    }
    Mark mark = new Mark(item, queues.size());
    queues.values().forEach(queue -> queue.inputs.add(mark));
  }

  /** Messages for the target were dropped before all that waits for it. */
  void lose(ActorRef<SessionInput> target, long count) {
    queue(target).lost += count;
  }

  /** Looks at all that waits; by no order between targets. */
  void forEach(Consumer<SessionInput> inputs) {
    queues.values().forEach(queue -> queue.inputs.forEach(inputs));
  }

  /** Takes out the messages for one target, in order. */
  void withdraw(ActorRef<SessionInput> target, Consumer<LinkItem> to) {
    Queue queue = queues.get(target);
    if (queue == null) {
      return;
    }
    queue.inputs.removeIf(
        input -> {
          boolean isOut = Mail.message(input) != null;
          if (isOut) {
            queue.bytes -= input.weight();
            bytes -= input.weight();
            to.accept(new LinkItem(target, input));
          }
          return isOut;
        });
    if (queue.inputs.isEmpty() && queue.lost == 0) {
      queues.remove(target);
    }
  }

  /** The next item; null if there is none. */
  LinkItem poll() {
    for (var first = queues.pollFirstEntry(); first != null; first = queues.pollFirstEntry()) {
      Queue queue = first.getValue();
      SessionInput input = next(queue);
      if (!queue.inputs.isEmpty()) {
        queues.put(queue.target, queue);
      }
      if (!(input instanceof Mark mark)) {
        return new LinkItem(queue.target, input);
      }
      if (--mark.queues == 0) {
        return mark.item;
      }
    }
    return null;
  }

  private SessionInput next(Queue queue) {
    if (queue.lost > 0) {
      Mail.Lost lost = new Mail.Lost(queue.lost, reason);
      queue.lost = 0;
      return lost;
    }
    SessionInput input = queue.inputs.remove();
    queue.bytes -= input.weight();
    bytes -= input.weight();
    return input;
  }

  /**
   * Drops messages until no more than so many bytes wait, or no message is left. Many at once: to
   * find the largest targets costs time in their number.
   *
   * @param dropped takes each message that is dropped
   */
  void shed(long maxBytes, Consumer<Mail.Delivery> dropped) {
    PriorityQueue<Queue> largest =
        new PriorityQueue<>(Comparator.comparingLong((Queue queue) -> -queue.bytes));
    largest.addAll(queues.values());
    while (bytes > maxBytes && !largest.isEmpty()) {
      Queue queue = largest.remove();
      if (dropOldest(queue, dropped)) {
        largest.add(queue);
      }
    }
  }

  private boolean dropOldest(Queue queue, Consumer<Mail.Delivery> dropped) {
    for (Iterator<SessionInput> inputs = queue.inputs.iterator(); inputs.hasNext(); ) {
      SessionInput input = inputs.next();
      if (input instanceof Mail.Delivery || input instanceof Mail.Forwarded) {
        Mail.Delivery delivery = Mail.message(input);
        inputs.remove();
        queue.lost++;
        queue.bytes -= delivery.weight();
        bytes -= delivery.weight();
        dropped.accept(delivery);
        return true;
      }
    }
    return false;
  }

  private Queue queue(ActorRef<SessionInput> target) {
    return queues.computeIfAbsent(target, Queue::new);
  }
}
