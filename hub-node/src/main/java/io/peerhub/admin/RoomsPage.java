package io.peerhub.admin;

import io.peerhub.room.RoomCensus;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /rooms?after=ROOM&limit=N}: the rooms whose actors are on this node, in the order of their
 * names, and how many are in each. {@code next} as in {@link PeersPage}.
 */
final class RoomsPage {
  private static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 1000;

  private final String node;
  private final RoomCensus census;

  RoomsPage(String node, RoomCensus census) {
    this.node = node;
    this.census = census;
  }

  HttpResponse answer(Call call) throws Page.BadCall {
    String after = call.text("after").orElse("");
    int limit = call.number("limit", LIMIT_DEFAULT, LIMIT_MAX);
    List<RoomCensus.Line> lines = census.after(after, limit);
    return Answer.json(
        200,
        json -> {
          json.writeStringField("node", node);
          json.writeNumberField("total", census.size());
          json.writeArrayFieldStart("rooms");
          for (RoomCensus.Line line : lines) {
            json.writeStartObject();
            json.writeStringField("room", line.room());
            json.writeNumberField("members", line.members());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeStringField("next", lines.size() < limit ? null : lines.getLast().room());
        });
  }
}
