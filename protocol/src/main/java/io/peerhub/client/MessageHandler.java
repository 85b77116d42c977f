package io.peerhub.client;

import io.peerhub.protocol.Frame;

/**
 * What a client does with its messages.
 *
 * <p>One thread for each client, a virtual one, calls it for one message after the other, in the
 * order of the session. It may block, and may wait for what it sends or requests itself. A message
 * is acknowledged after the handler has returned; until then the hub keeps it, and a critical one
 * comes again if the client dies.
 *
 * <p>A handler that throws rejects this one message, and the next follows. A critical message comes
 * again later (1 s, doubling to 60 s, at most as often as the hub allows, then it is a dead
 * letter); after a {@link RejectException} it is a dead letter at once. A live one is gone in both
 * cases.
 */
@FunctionalInterface
public interface MessageHandler {
  /**
   * @param client the client that received it, to answer with
   * @param message as it came; {@code redelivered} says that it may have been here before
   */
  void onMessage(PeerHubClient client, Frame.Message message) throws Exception;
}
