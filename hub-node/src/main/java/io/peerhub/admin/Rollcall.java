package io.peerhub.admin;

import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Who sits where, asked of the rosters of all nodes at once. Costs nobody anything until somebody
 * looks; each roster is then asked a bounded number of times.
 *
 * <p>A page goes on behind an identity, not at a place in a list: peers that come and go between
 * two pages move nobody who stays from one to the other, so whoever stays is met exactly once. A
 * node that does not answer in time is missing from the page and counted.
 */
final class Rollcall {
  /** How often the rosters are asked for one page whose filter lets few through. */
  private static final int ROUNDS_MAX = 10;

  /** A peer and the node it sits on. */
  record Line(String node, Roster.Entry entry) {}

  /**
   * A page.
   *
   * @param total who sits on the nodes that answered, whatever the filter says
   * @param silent nodes that did not answer in time
   * @param next behind whom the next page begins; null if this is the last
   */
  record Page(List<Line> lines, int total, int silent, String next) {}

  private record Answers<A>(List<A> given, int silent) {}

  private final Supplier<List<ActorRef<Roster.Command>>> rosters;
  private final Asking asking;

  Rollcall(Supplier<List<ActorRef<Roster.Command>>> rosters, Asking asking) {
    this.rosters = rosters;
    this.asking = asking;
  }

  /** Up to {@code limit} peers behind {@code after}, in the order of their names. */
  CompletionStage<Page> page(String after, int limit, PeerFilter filter) {
    return round(after, limit, filter, new ArrayList<>(), 1);
  }

  /** Where this peer sits; while it moves, the newer of two places. */
  CompletionStage<Optional<Line>> find(Identity identity) {
    return this.<Roster.Present>askAll(replyTo -> new Roster.Call(identity, replyTo))
        .thenApply(
            answers ->
                answers.given().stream()
                    .filter(present -> present.entry() != null)
                    .map(present -> new Line(present.node(), present.entry()))
                    .reduce(Rollcall::newer));
  }

  private CompletionStage<Page> round(
      String after, int limit, PeerFilter filter, List<Line> found, int round) {
    int batch = filter.isOpen() ? limit : Roster.PAGE_MAX;
    return this.<Roster.Page>askAll(replyTo -> new Roster.Browse(after, batch, replyTo))
        .thenCompose(
            answers -> {
              String last = take(answers.given(), batch, limit, filter, found);
              if (last != null && found.size() < limit && round < ROUNDS_MAX) {
                return round(last, limit, filter, found, round + 1);
              }
              int total = answers.given().stream().mapToInt(Roster.Page::total).sum();
              return CompletableFuture.completedFuture(
                  new Page(found, total, answers.silent(), last));
            });
  }

  /**
   * Takes from the nodes' pages what the filter lets through. Of each only the first {@code batch}
   * are known, so only so many of all of them have nobody missing in between.
   *
   * @return who was looked at last; null if there is nobody behind
   */
  private static String take(
      List<Roster.Page> pages, int batch, int limit, PeerFilter filter, List<Line> found) {
    TreeMap<String, Line> merged = new TreeMap<>();
    for (Roster.Page page : pages) {
      for (Roster.Entry entry : page.entries()) {
        merged.merge(entry.identity().text(), new Line(page.node(), entry), Rollcall::newer);
      }
    }
    String last = null;
    Iterator<Line> lines = merged.values().iterator();
    for (int seen = 0; seen < batch && found.size() < limit && lines.hasNext(); seen++) {
      Line line = lines.next();
      last = line.entry().identity().text();
      if (filter.lets(line)) {
        found.add(line);
      }
    }
    boolean isCut = pages.stream().anyMatch(page -> page.entries().size() >= batch);
    return lines.hasNext() || isCut ? last : null;
  }

  private static Line newer(Line one, Line other) {
    return one.entry().epoch() >= other.entry().epoch() ? one : other;
  }

  /** Fails as one that is late if nobody answered at all. */
  private <A> CompletionStage<Answers<A>> askAll(Function<ActorRef<A>, Roster.Command> question) {
    List<CompletableFuture<Optional<A>>> asked = new ArrayList<>();
    for (ActorRef<Roster.Command> roster : rosters.get()) {
      asked.add(
          asking
              .<Roster.Command, A>ask(roster, question)
              .toCompletableFuture()
              .handle((answer, late) -> Optional.ofNullable(answer)));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              List<A> given = asked.stream().flatMap(answer -> answer.join().stream()).toList();
              if (given.isEmpty()) {
                throw new CompletionException(new TimeoutException("no node answered"));
              }
              return new Answers<>(given, asked.size() - given.size());
            });
  }
}
