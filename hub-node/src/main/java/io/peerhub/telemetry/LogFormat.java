package io.peerhub.telemetry;

import ch.qos.logback.core.PropertyDefinerBase;

/**
 * Which of the two formats {@code logback.xml} uses: {@code json} by {@code HUB_LOG_FORMAT=json},
 * and {@code text} for anything else, since a misspelt format must not silence a node.
 */
public final class LogFormat extends PropertyDefinerBase {
  private String asked = "";

  /** What the environment says, through {@code logback.xml}. */
  public void setAsked(String asked) {
    this.asked = asked;
  }

  @Override
  public String getPropertyValue() {
    return asked.strip().equalsIgnoreCase("json") ? "json" : "text";
  }
}
