package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Sends to {@code NAME/*}. Every node's roster is asked which devices of the name sit there; who
 * has not answered in a second is gone without. Messages that come while a round is out wait for
 * the next one, so that a device which was there before a send is found by it, and so that they
 * stay in order.
 */
final class DeviceSearch {
  private static final Duration ROUND_MAX = Duration.ofSeconds(1);

  /** One name: the messages that the round is for, and those for the next. */
  private static final class Round {
    private HeldMail asking = new HeldMail();
    private HeldMail next = new HeldMail();
    private final Set<Identity> found = new TreeSet<>();
    private final Set<String> answered = new HashSet<>();
    private int asked;
    private long deadline;
  }

  private final Routes routes;
  private final ActorRef<Roster.Found> answers;
  private final Map<String, Round> rounds = new HashMap<>();

  DeviceSearch(Routes routes, ActorRef<Roster.Found> answers) {
    this.routes = routes;
    this.answers = answers;
  }

  boolean isIdle() {
    return rounds.isEmpty();
  }

  void send(String name, Mail.Delivery template) {
    Round round = rounds.get(name);
    if (round != null) {
      routes.hold(round.next, template);
      return;
    }
    round = new Round();
    rounds.put(name, round);
    routes.hold(round.asking, template);
    ask(name, round);
  }

  void listed(Roster.Found list) {
    Round round = rounds.get(list.name());
    if (round != null && round.answered.add(list.node())) {
      round.found.addAll(list.identities());
      if (round.answered.size() >= round.asked) {
        finish(list.name(), round);
      }
    }
  }

  /** Ends the rounds that have waited long enough. */
  void tick(long now) {
    for (Map.Entry<String, Round> entry : List.copyOf(rounds.entrySet())) {
      if (now - entry.getValue().deadline >= 0) {
        finish(entry.getKey(), entry.getValue());
      }
    }
  }

  /** There will be no answers any more: what waits for them is refused. */
  void end() {
    for (Round round : rounds.values()) {
      routes.take(round.asking, this::unresolved, routes::expire);
      routes.take(round.next, this::unresolved, routes::expire);
    }
    rounds.clear();
  }

  private void unresolved(Mail.Delivery template) {
    routes.outcomes.refuse(template, Drop.UNRESOLVED, Refusal.INTERNAL);
  }

  private void ask(String name, Round round) {
    List<ActorRef<Roster.Command>> rosters = routes.with.rosters().get();
    round.found.clear();
    round.answered.clear();
    round.asked = rosters.size();
    round.deadline = routes.with.nanos().getAsLong() + ROUND_MAX.toNanos();
    for (ActorRef<Roster.Command> roster : rosters) {
      roster.tell(new Roster.Find(name, answers));
    }
  }

  private void finish(String name, Round round) {
    List<Identity> devices = new ArrayList<>(round.found);
    routes.take(round.asking, message -> sendToAll(devices, message), routes::expire);
    if (round.next.isEmpty()) {
      rounds.remove(name);
      return;
    }
    HeldMail empty = round.asking;
    round.asking = round.next;
    round.next = empty;
    ask(name, round);
  }

  private void sendToAll(List<Identity> devices, Mail.Delivery template) {
    if (devices.isEmpty()) {
      routes.outcomes.refuse(template, Drop.OFFLINE, Refusal.OFFLINE);
    }
    for (Identity device : devices) {
      routes.send(template.to(device));
    }
  }
}
