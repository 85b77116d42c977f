package io.peerhub.session;

import io.peerhub.delivery.Loss;
import io.peerhub.mail.Mail;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes to a session before its welcome: what the peer says early, and mail, which waits
 * behind what an older session hands over. Kept in order, to be taken after the welcome.
 *
 * <p>Messages are bounded like a live queue, and by the node's budget; here the newest gives way,
 * since the older ones belong behind messages that have yet to come. Each is counted and told to a
 * sender that asked, and leaves a {@link Mail.Lost} in its place. What is no message (answers,
 * fences) always finds room: it is little, and nobody would say it again.
 */
final class Arrivals {
  /** From how many frames on a peer that talks before its welcome is not read any more. */
  private static final int FRAMES_MAX = 256;

  private final Surroundings with;
  private final List<Frame.FromPeer> frames = new ArrayList<>(0);
  private final List<Mail> mail = new ArrayList<>(0);
  private int messages;
  private long bytes;

  Arrivals(Surroundings with) {
    this.with = with;
  }

  /** Keeps what the peer said. The caller asks {@link #tooManyFrames()} afterwards. */
  void keep(List<Frame.FromPeer> said) {
    frames.addAll(said);
  }

  boolean tooManyFrames() {
    return frames.size() > FRAMES_MAX;
  }

  /** Keeps a letter, or says what became of it. */
  void keep(Mail letter) {
    Mail.Delivery message = Mail.message(letter);
    if (message == null || takeRoom(message.weight())) {
      mail.add(letter);
    } else {
      drop(message);
    }
  }

  List<Frame.FromPeer> frames() {
    return frames;
  }

  /** Takes the mail out; from now on it does not count here any more. */
  List<Mail> takeMail() {
    List<Mail> taken = List.copyOf(mail);
    clear();
    return taken;
  }

  /** The session ends before its welcome. */
  void close() {
    with.meters().dropped(Drop.SESSION_OVER, messages);
    for (Mail letter : mail) {
      if (Mail.message(letter) instanceof Mail.Delivery message) {
        refuse(message, Refusal.OFFLINE);
      }
    }
    clear();
  }

  /** What an older session had handed over ends with this one, before its welcome. */
  void end(Mail.Delivery message) {
    with.meters().dropped(Drop.SESSION_OVER, 1);
    refuse(message, Refusal.OFFLINE);
  }

  private boolean takeRoom(int weight) {
    SessionSettings limits = with.settings();
    if (messages >= limits.queueMaxCount()
        || bytes + weight > limits.queueMaxBytes()
        || !with.backlogs().take(weight)) {
      return false;
    }
    messages++;
    bytes += weight;
    return true;
  }

  /** There is no room for it: that is its end. */
  void drop(Mail.Delivery message, Drop reason) {
    with.meters().dropped(reason, 1);
    refuse(message, Refusal.DROPPED);
  }

  private void drop(Mail.Delivery message) {
    drop(message, Drop.QUEUE_FULL);
    Loss loss = new Loss(1, "too much before the welcome");
    if (!mail.isEmpty() && mail.getLast() instanceof Mail.Lost lost) {
      loss = new Loss(lost.count(), lost.reason()).plus(loss);
      mail.removeLast();
    }
    mail.add(new Mail.Lost(loss.count(), loss.reason()));
  }

  private void refuse(Mail.Delivery message, Refusal refusal) {
    if (message.confirm() != Confirmation.NONE) {
      Mail.Refused refused = new Mail.Refused(message.id(), message.n(), message.told(refusal), 0);
      with.routes().tell(message.sender(), refused);
    }
  }

  private void clear() {
    with.backlogs().release(bytes);
    mail.clear();
    messages = 0;
    bytes = 0;
  }
}
