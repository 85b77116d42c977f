package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A hub that is attacked while others use it. Its end is the judgement: the bystanders missed
 * nothing, the books return to where they began, nothing crashed, the log holds no stack trace and
 * no line for what strangers did, and no letter was lost without an outcome.
 */
final class Siege {
  /** Those that are there without peers. */
  private static final Set<Resource> OF_THE_NODE =
      EnumSet.of(Resource.LINK, Resource.JDBC_CONNECTION);

  private final TestHub hub;
  private final LogTap log;
  private final Bystanders bystanders;

  private Siege(TestHub hub, LogTap log, Bystanders bystanders) {
    this.hub = hub;
    this.log = log;
    this.bystanders = bystanders;
  }

  /**
   * A node whose sessions may be resumed until the end, and whose peers do not outlive them for
   * long.
   */
  static Siege begin(Map<String, ?> overrides) throws Exception {
    return begin(overrides, TestPeer::live);
  }

  /** The same, where the bystanders need more than a name to get in. */
  static Siege begin(Map<String, ?> overrides, Entrance entrance) throws Exception {
    Map<String, Object> all = new HashMap<>();
    all.put("peerhub.session.linger-after-move", "200ms");
    all.put("peerhub.peer.passivate-after", "100ms");
    all.putAll(overrides);
    TestHub hub = TestHub.start(all);
    LogTap log = LogTap.open();
    InetSocketAddress address = hub.address();
    return new Siege(
        hub, log, Bystanders.start((wire, name) -> entrance.enter(address, wire, name)));
  }

  /** How a peer gets in. */
  interface Entrance {
    TestPeer enter(InetSocketAddress address, TestPeer.Wire wire, String name) throws Exception;
  }

  InetSocketAddress address() {
    return hub.address();
  }

  TestHub hub() {
    return hub;
  }

  Meters meters() {
    return hub.node().meters();
  }

  LogTap log() {
    return log;
  }

  Bystanders bystanders() {
    return bystanders;
  }

  /** A peer that is welcome. */
  TestPeer peer(TestPeer.Wire wire, String identity) throws Exception {
    return TestPeer.live(hub.address(), wire, identity);
  }

  /** Runs the attack, and waits until so many refusals more have been counted, no more. */
  void counts(Refusal refusal, int count, Attack attack) throws Exception {
    long before = meters().sum(refusal);
    attack.run();
    TestHub.eventually(() -> meters().sum(refusal) >= before + count);
    assertThat(meters().sum(refusal) - before).as(refusal.toString()).isEqualTo(count);
  }

  /** What somebody does to the hub. */
  interface Attack {
    void run() throws Exception;
  }

  /**
   * Ends it, and judges.
   *
   * @param kept what stays open for longer than the siege
   */
  void judge(Resource... kept) throws Exception {
    end(
        Set.of(kept),
        () -> {
          assertThat(meters().sum(Meter.CRASHES)).as("crashes").isZero();
          assertThat(log.stackTraces()).isEmpty();
          assertThat(log.lines()).as("what strangers do is counted, not logged").isEmpty();
        });
  }

  /** Ends it: nobody else was harmed, and nothing is left. */
  void end(Attack verdict) throws Exception {
    end(Set.of(), verdict);
  }

  private void end(Set<Resource> kept, Attack verdict) throws Exception {
    try {
      bystanders.end();
      TestHub.eventually(
          () -> {
            expelWhoIsLeft();
            return hub.live(Resource.SESSION) == 0;
          });
      for (Resource resource : Resource.values()) {
        if (!OF_THE_NODE.contains(resource) && !kept.contains(resource)) {
          awaitNone(resource);
        }
      }
      assertThat(meters().sum(Meter.DEAD_LETTERS_UNEXPLAINED)).as("unexplained").isZero();
      verdict.run();
    } finally {
      log.close();
      hub.close();
    }
  }

  /** Whoever is away could come back for an hour: it is shut out, which ends its session. */
  private void expelWhoIsLeft() {
    ActorRef<Roster.Command> roster = hub.node().roster();
    List<Identity> left =
        AskPattern.<Roster.Command, Roster.Page>ask(
                roster,
                replyTo -> new Roster.Browse("", Roster.PAGE_MAX, replyTo),
                PATIENCE,
                hub.node().system().scheduler())
            .toCompletableFuture()
            .join()
            .entries()
            .stream()
            .map(Roster.Entry::identity)
            .toList();
    roster.tell(new Roster.Expel(left));
  }

  private void awaitNone(Resource resource) {
    try {
      TestHub.eventually(() -> hub.live(resource) == 0);
    } catch (ConditionTimeoutException left) {
      throw new AssertionError(hub.live(resource) + " left of " + resource, left);
    }
  }
}
