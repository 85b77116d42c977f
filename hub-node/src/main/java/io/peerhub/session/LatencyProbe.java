package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.telemetry.LatencySample;

/**
 * Follows one message in 256 from the send that was taken to the frame that was written, where both
 * happen on this loop; a message that leaves the loop, waits or is dropped is forgotten when its
 * place is needed. Belongs to the loop's thread.
 */
public final class LatencyProbe {
  /** How many are followed at once. */
  private static final int PLACES = 16;

  private final LatencySample sample;
  private final Mail.Delivery[] messages = new Mail.Delivery[PLACES];
  private final long[] begun = new long[PLACES];
  private int next;
  private int followed;

  public LatencyProbe(LatencySample sample) {
    this.sample = sample;
  }

  void taken(Mail.Delivery message) {
    long now = sample.begin();
    if (now != 0) {
      if (messages[next] == null) {
        followed++;
      }
      messages[next] = message;
      begun[next] = now;
      next = (next + 1) % PLACES;
    }
  }

  void written(Mail.Delivery message) {
    if (followed > 0) {
      find(message);
    }
  }

  private void find(Mail.Delivery message) {
    for (int i = 0; i < PLACES; i++) {
      if (messages[i] == message) {
        sample.end(begun[i]);
        messages[i] = null;
        followed--;
        return;
      }
    }
  }
}
