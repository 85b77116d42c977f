package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Gives every dead letter of the node an outcome ("Table" shape, without state).
 *
 * <p>A message that came to an ended session goes back to the loop that sent it, in order, and from
 * there to wherever its receiver sits by then, or is refused as offline; each time it needs another
 * session that it has not met, and its life runs on, so that it ends. A fence that came to an ended
 * session is answered, behind what was returned before it. Answers to those that are gone, and what
 * is asked again by itself, are no loss. Whatever is left is counted as unexplained and logged:
 * that is a fault of this program.
 */
public final class DeadLetterDesk extends AbstractMatchingBehavior<DeadLetterDesk.Command> {
  /** What the desk hears: only what it subscribed to. */
  public sealed interface Command {}

  /** Judges letters of classes that are not known here. */
  public interface Judge {
    /** How many live messages end with the letter; negative if nothing explains it. */
    int messagesIn(Object letter);
  }

  private record Dead(DeadLetter letter) implements Command {}

  private record GivenUp(Dropped letter) implements Command {}

  private record Unheard(UnhandledMessage letter) implements Command {}

  private final Routes routes;
  private final Meters meters;
  private final Judge judge;

  private DeadLetterDesk(ActorContext<Command> context, Routes routes, Meters meters, Judge judge) {
    super(context);
    this.routes = routes;
    this.meters = meters;
    this.judge = judge;
  }

  /**
   * The desk of a node.
   *
   * @param routes those of any one loop, always of the same: returned mail goes through it
   * @param judge knows the letters of other packages
   */
  public static Behavior<Command> create(Routes routes, Meters meters, Judge judge) {
    return Behaviors.setup(
        context -> {
          subscribe(context, DeadLetter.class, context.messageAdapter(DeadLetter.class, Dead::new));
          subscribe(context, Dropped.class, context.messageAdapter(Dropped.class, GivenUp::new));
          subscribe(
              context,
              UnhandledMessage.class,
              context.messageAdapter(UnhandledMessage.class, Unheard::new));
          return new DeadLetterDesk(context, routes, meters, judge);
        });
  }

  private static <E> void subscribe(
      ActorContext<Command> context, Class<E> type, ActorRef<E> subscriber) {
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(type, subscriber));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Dead dead -> read(dead.letter().message(), dead.letter().recipient());
      case GivenUp dropped -> read(dropped.letter().message(), dropped.letter().recipient());
      case Unheard unheard -> onUnheard(unheard.letter());
    }
    return this;
  }

  private void read(Object message, org.apache.pekko.actor.ActorRef recipient) {
    if (isOfTheSystem(message)) {
      return;
    }
    meters.count(Meter.DEAD_LETTERS);
    if (message instanceof SessionInput input && Mail.message(input) != null) {
      giveBack(Mail.message(input), Adapter.toTyped(recipient));
    } else if (message instanceof Mail.Fence fence) {
      LoopKey sender =
          new LoopKey(fence.replyTo().path().address(), FenceTokens.loopOf(fence.token()));
      relay(sender, new RouteNotice.Drained(fence.token()));
    } else if (!isAnswer(message) && !isRepeated(message)) {
      judge(message, recipient);
    }
  }

  private void giveBack(Mail.Delivery delivery, ActorRef<SessionInput> session) {
    if (delivery.sender() == null) {
      meters.dropped(Drop.OFFLINE, 1);
    } else {
      relay(LoopKey.of(delivery.sender()), new RouteNotice.Returned(delivery, session));
    }
  }

  private void relay(LoopKey loop, RouteNotice notice) {
    routes.router().tell(new Router.Relay(loop, notice));
  }

  private void judge(Object message, org.apache.pekko.actor.ActorRef recipient) {
    int ended = judge.messagesIn(message);
    if (ended < 0) {
      explain("A dead letter", message, recipient);
    } else {
      meters.dropped(Drop.SESSION_OVER, ended);
    }
  }

  private void onUnheard(UnhandledMessage letter) {
    if (!isOfTheSystem(letter.getMessage())) {
      meters.count(Meter.DEAD_LETTERS);
      explain("An unhandled message", letter.getMessage(), letter.getRecipient());
    }
  }

  private void explain(String what, Object message, org.apache.pekko.actor.ActorRef recipient) {
    meters.count(Meter.DEAD_LETTERS_UNEXPLAINED);
    getContext()
        .getLog()
        .warn("{} without an outcome: {} to {}", what, message.getClass().getName(), recipient);
  }

  /** Pekko's own: watches, gossip, sharding's envelopes (who asks a peer asks again). */
  private static boolean isOfTheSystem(Object message) {
    return message.getClass().getName().startsWith("org.apache.pekko.");
  }

  /** Told to somebody who is gone, and of use to nobody else. */
  private static boolean isAnswer(Object message) {
    return message instanceof Mail
        || message instanceof Mail.Fenced
        || message instanceof Peer.Notice
        || message instanceof Peer.Resolved
        || message instanceof Roster.Present
        || message instanceof Roster.Found
        || message instanceof Roster.Page;
  }

  /** Whoever sent it sends it again while there is no answer, or ends with the node. */
  private static boolean isRepeated(Object message) {
    return message instanceof Peer.Command
        || message instanceof Roster.Command
        || message instanceof LinkEndpoint.Command
        || message instanceof Router.Command;
  }
}
