package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Answers barriers of other loops that have come behind mail to sessions which have moved: only
 * when fences that follow that mail, through each of these sessions to the last successor, have
 * been answered. A fence that is lost costs the settlement its deadline, and its entry is dropped
 * with the next barrier.
 */
final class Stragglers {
  /** A barrier, and how many fences it waits for. */
  private static final class Pending {
    final RouteNotice.Barrier barrier;
    int fences;

    Pending(RouteNotice.Barrier barrier, int fences) {
      this.barrier = barrier;
      this.fences = fences;
    }
  }

  private record Sent(Pending pending, long lostAt) {}

  private final Routes routes;
  private final FenceTokens tokens;
  private final ActorRef<Mail.Fenced> passes;
  private final LinkedHashMap<Long, Sent> fences = new LinkedHashMap<>();

  Stragglers(Routes routes, FenceTokens tokens, ActorRef<Mail.Fenced> passes) {
    this.routes = routes;
    this.tokens = tokens;
    this.passes = passes;
  }

  /** Answers the barrier behind the mail that those sessions forward. */
  void follow(RouteNotice.Barrier barrier, Collection<ActorRef<SessionInput>> moved) {
    long now = routes.with.nanos().getAsLong();
    forgetLost(now);
    Pending pending = new Pending(barrier, moved.size());
    long lostAt = now + routes.with.settings().fenceTimeout().toNanos();
    for (ActorRef<SessionInput> session : moved) {
      long token = tokens.next();
      fences.put(token, new Sent(pending, lostAt));
      session.tell(new Mail.Fence(token, passes));
    }
  }

  /** A fence was answered. */
  void passed(long token) {
    Sent sent = fences.remove(token);
    if (sent != null && --sent.pending().fences == 0) {
      sent.pending().barrier.pass();
    }
  }

  private void forgetLost(long now) {
    Iterator<Map.Entry<Long, Sent>> eldest = fences.entrySet().iterator();
    while (eldest.hasNext() && now - eldest.next().getValue().lostAt() >= 0) {
      eldest.remove();
    }
  }
}
