package io.peerhub.admin;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * How a page asks an actor: once, with the door's one deadline. This is the outer edge, where a
 * person waits; nothing further in asks.
 */
record Asking(ActorSystem<?> system, Duration deadline) {
  /** The answer; the stage fails with a TimeoutException past the deadline. */
  <Q, A> CompletionStage<A> ask(ActorRef<Q> whom, Function<ActorRef<A>, Q> question) {
    return AskPattern.ask(whom, question::apply, deadline, system.scheduler());
  }
}
