package io.peerhub.admin;

import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code POST /drain}: this node takes nobody in any more and sends its peers to the others. It is
 * answered when that has begun; {@code sessions} of {@code /stats} says how far it is.
 */
final class DrainPage {
  private final String node;
  private final Runnable drain;

  DrainPage(String node, Runnable drain) {
    this.node = node;
    this.drain = drain;
  }

  HttpResponse answer() {
    drain.run();
    return Answer.json(
        202,
        json -> {
          json.writeStringField("node", node);
          json.writeBooleanField("draining", true);
        });
  }
}
