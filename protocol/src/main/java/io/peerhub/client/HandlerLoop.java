package io.peerhub.client;

import io.peerhub.protocol.Frame;
import java.util.Optional;

/** The thread that runs the message handler: one item after the other, each with its end. */
final class HandlerLoop implements Threads.Work {
  private static final int REASON_MAX = 200;

  private final PeerHubClient client;
  private final Conversation conversation;
  private final MessageHandler handler;
  private final ClientListener listener;

  HandlerLoop(
      PeerHubClient client,
      Conversation conversation,
      MessageHandler handler,
      ClientListener listener) {
    this.client = client;
    this.conversation = conversation;
    this.handler = handler;
    this.listener = listener;
  }

  @Override
  public void run() throws InterruptedException {
    Inbox.Item item = conversation.awaitItem();
    while (item != null) {
      conversation.handled(item, handle(item));
      item = conversation.awaitItem();
    }
  }

  /** Empty, or why not. A handler may fail in any way without ending the thread. */
  private Optional<Frame.Reject> handle(Inbox.Item item) {
    try {
      if (item.frame() instanceof Frame.Message message) {
        handler.onMessage(client, message);
      } else if (item.frame() instanceof Frame.Receipt receipt) {
        listener.onReceipt(receipt);
      }
      return Optional.empty();
    } catch (RejectException never) {
      return Optional.of(new Frame.Reject(item.seq(), reason(never), false));
    } catch (Throwable failure) {
      return Optional.of(new Frame.Reject(item.seq(), reason(failure), !item.isLive()));
    }
  }

  /** The kind of what was thrown, and of its words no more than a line. */
  private static String reason(Throwable thrown) {
    String words = thrown.getMessage() == null ? "" : thrown.getMessage();
    String reason =
        thrown instanceof RejectException ? words : thrown.getClass().getSimpleName() + " " + words;
    return reason.substring(0, Math.min(reason.length(), REASON_MAX));
  }
}
