package io.peerhub.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One line at DEBUG for each turn in a session's life, with whom it concerns. Never a line for a
 * message: those are counted.
 */
final class Diary {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private Diary() {}

  static void note(Session.Standing of, String turn) {
    if (LOG.isDebugEnabled()) {
      MDC.put("peer", of.terms().identity().text());
      MDC.put("session", of.sessionId());
      try {
        LOG.debug("{}, epoch {}", turn, of.epoch());
      } finally {
        MDC.remove("peer");
        MDC.remove("session");
      }
    }
  }
}
