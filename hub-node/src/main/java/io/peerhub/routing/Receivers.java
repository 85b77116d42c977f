package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.LinkedHashSet;
import java.util.Set;

/** For whom messages are on a link: so many of them as are asked about at a time. */
final class Receivers {
  private static final int MAX = 1000;

  private final Set<Identity> identities = new LinkedHashSet<>();

  void note(SessionInput input) {
    Mail.Delivery message = Mail.message(input);
    if (message != null && identities.size() < MAX) {
      identities.add(message.to());
    }
  }

  Set<Identity> identities() {
    return identities;
  }
}
