package io.peerhub.bench;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.List;
import java.util.Map;

/** One sender and its receivers in turn: when a message has arrived at one, the next is sent. */
final class Lane {
  private final Guest sender;
  private final List<String> receivers;
  private final Body body;
  private int next;

  Lane(Guest sender, List<String> receivers, Body body) {
    this.sender = sender;
    this.receivers = receivers;
    this.body = body;
  }

  void send() {
    sender.say(
        new Frame.Send(
            receivers.get(next),
            body,
            "",
            0,
            DeliveryClass.LIVE,
            Confirmation.NONE,
            0,
            "",
            Map.of()));
    next = next + 1 == receivers.size() ? 0 : next + 1;
  }
}
