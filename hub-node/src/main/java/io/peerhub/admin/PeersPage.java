package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Presence;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /peers?after=IDENTITY&limit=N&match=PATTERN&wire=W&node=N}: who sits on the nodes of this
 * hub, in the order of their names; and {@code /peers/{identity}}: one of them. A page names in
 * {@code next} what to ask for as {@code after}; it is null on the last page. With a filter that
 * lets few through a page may be short, and still name a next one.
 */
final class PeersPage {
  static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 1000;

  private final Rollcall rollcall;
  private final ActorRef<Peer.Command> peers;
  private final Asking asking;
  private final String here;

  PeersPage(AdminView view, Asking asking) {
    this.rollcall = new Rollcall(view.cluster().rosters(), asking);
    this.peers = view.cluster().peers();
    this.asking = asking;
    this.here = view.node();
  }

  CompletionStage<HttpResponse> list(Call call) throws Page.BadCall {
    String after = call.identity("after");
    int limit = call.number("limit", LIMIT_DEFAULT, LIMIT_MAX);
    return rollcall.page(after, limit, PeerFilter.of(call)).thenApply(this::show);
  }

  CompletionStage<HttpResponse> one(Call call) throws Page.BadCall {
    Identity identity = call.identity();
    return rollcall
        .find(identity)
        .thenCompose(
            found ->
                found
                    .map(line -> presence(identity).thenApply(state -> show(line, state)))
                    .orElseGet(
                        () ->
                            CompletableFuture.completedFuture(
                                Answer.notFound("Nobody by this identity is on this hub."))));
  }

  /** Whether its connection is cut only the peer's own actor knows. */
  private CompletionStage<Presence> presence(Identity identity) {
    return asking
        .<Peer.Command, SessionInput>ask(peers, replyTo -> new Peer.Ask(identity, replyTo, ""))
        .thenApply(
            answer ->
                answer instanceof Peer.Whereabouts there ? there.presence() : Presence.OFFLINE);
  }

  private HttpResponse show(Rollcall.Page page) {
    return Answer.json(
        200,
        json -> {
          json.writeStringField("node", here);
          json.writeNumberField("total", page.total());
          json.writeNumberField("silent_nodes", page.silent());
          json.writeArrayFieldStart("peers");
          for (Rollcall.Line line : page.lines()) {
            json.writeStartObject();
            write(json, line);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeStringField("next", page.next());
        });
  }

  private static HttpResponse show(Rollcall.Line line, Presence state) {
    return Answer.json(
        200,
        json -> {
          write(json, line);
          json.writeStringField("state", Call.lower(state));
          json.writeStringField("session", line.entry().sessionId());
        });
  }

  private static void write(JsonGenerator json, Rollcall.Line line) throws IOException {
    json.writeStringField("identity", line.entry().identity().text());
    json.writeNumberField("epoch", line.entry().epoch());
    json.writeNumberField("since", line.entry().since());
    json.writeStringField("wire", line.entry().about());
    json.writeStringField("node", line.node());
  }
}
