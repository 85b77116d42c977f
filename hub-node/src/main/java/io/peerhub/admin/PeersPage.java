package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Query;

/**
 * {@code /peers?after=IDENTITY&limit=N}: who sits on this node, in the order of their names. A page
 * names in {@code next} what to ask for as {@code after}; it is null on the last page.
 */
final class PeersPage {
  static final int LIMIT_DEFAULT = 100;

  private final ActorSystem<?> system;
  private final ActorRef<Roster.Command> roster;
  private final Duration deadline;

  /** Thrown for a query that cannot be answered; its message is for the caller. */
  private static final class BadPaging extends Exception {
    BadPaging(String message) {
      super(message);
    }
  }

  PeersPage(ActorSystem<?> system, ActorRef<Roster.Command> roster, Duration deadline) {
    this.system = system;
    this.roster = roster;
    this.deadline = deadline;
  }

  CompletionStage<HttpResponse> answer(Query query) {
    String after;
    int limit;
    try {
      after = after(query);
      limit = limit(query);
    } catch (BadPaging bad) {
      return CompletableFuture.completedFuture(Answer.badRequest(bad.getMessage()));
    }
    return AskPattern.<Roster.Command, Roster.Page>ask(
            roster,
            replyTo -> new Roster.Browse(after, limit, replyTo),
            deadline,
            system.scheduler())
        .thenApply(page -> show(page, limit));
  }

  private static String after(Query query) throws BadPaging {
    Optional<String> after = only(query, "after");
    if (after.isPresent() && !Identity.isValid(after.get())) {
      throw new BadPaging("after is an identity.");
    }
    return after.orElse("");
  }

  private static int limit(Query query) throws BadPaging {
    Optional<String> limit = only(query, "limit");
    if (limit.isEmpty()) {
      return LIMIT_DEFAULT;
    }
    // Digits alone, few enough for an int: Integer.parseInt would also take "+5" and other scripts.
    if (limit.get().matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(limit.get());
      if (number >= 1 && number <= Roster.PAGE_MAX) {
        return number;
      }
    }
    throw new BadPaging("limit is a number from 1 to " + Roster.PAGE_MAX + ".");
  }

  private static Optional<String> only(Query query, String key) throws BadPaging {
    if (query.toMultiMap().getOrDefault(key, List.of()).size() > 1) {
      throw new BadPaging(key + " is given once.");
    }
    return query.get(key);
  }

  private static HttpResponse show(Roster.Page page, int limit) {
    List<Roster.Entry> entries = page.entries();
    return Answer.json(
        200,
        json -> {
          json.writeStringField("node", page.node());
          json.writeNumberField("total", page.total());
          json.writeArrayFieldStart("peers");
          for (Roster.Entry entry : entries) {
            write(json, entry);
          }
          json.writeEndArray();
          // A full page may be the last one; the next is then empty, and says so.
          String next = entries.size() < limit ? null : entries.getLast().identity().text();
          json.writeStringField("next", next);
        });
  }

  private static void write(JsonGenerator json, Roster.Entry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("identity", entry.identity().text());
    json.writeNumberField("epoch", entry.epoch());
    json.writeNumberField("since", entry.since());
    json.writeStringField("wire", entry.about());
    json.writeEndObject();
  }
}
