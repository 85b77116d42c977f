package io.peerhub.admin;

import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /health/live} and {@code /health/ready}: what an orchestrator asks, over and over. */
final class HealthPages {
  private final AdminView.Facts facts;

  HealthPages(AdminView.Facts facts) {
    this.facts = facts;
  }

  /** That there is an answer is the answer. */
  HttpResponse live() {
    return Answer.json(200, json -> json.writeStringField("status", "live"));
  }

  HttpResponse ready() {
    boolean listening = facts.listening().getAsBoolean();
    boolean memberUp = facts.memberUp().getAsBoolean();
    boolean draining = facts.draining().getAsBoolean();
    boolean ready = listening && memberUp && !draining;
    return Answer.json(
        ready ? 200 : 503,
        json -> {
          json.writeStringField("status", ready ? "ready" : "not ready");
          json.writeBooleanField("listening", listening);
          json.writeBooleanField("member_up", memberUp);
          json.writeBooleanField("draining", draining);
          json.writeBooleanField("database", facts.databaseReachable().getAsBoolean());
        });
  }
}
