package io.peerhub.client;

import io.peerhub.protocol.Frame;

/**
 * What a client tells besides its messages. All methods but {@link #onReceipt} are called on one
 * thread, one after the other, which also completes the futures of the client: they should not
 * block: after 10,000 unread notices the reading of the socket waits for them. What they throw is
 * counted and otherwise ignored.
 */
public interface ClientListener {
  /** The state has changed. */
  default void onState(ClientState state) {}

  /**
   * Live messages to this peer were dropped here: by the hub, or with a session that ended before
   * they were handled.
   */
  default void onGap(Frame.Gap gap) {}

  /**
   * The fate of a critical message of ours. Called on the thread of the messages, in order with
   * them, and acknowledged like one: if it throws, the receipt comes again.
   */
  default void onReceipt(Frame.Receipt receipt) throws Exception {}

  /** Who is there. */
  default void onPresence(Frame.Presence presence) {}

  /** A message of ours was dropped by the client itself: 4006 for newer ones, 3003 too old. */
  default void onDropped(Outgoing message, RefusedException cause) {}

  /**
   * The hub refused a connection (the client goes on trying, unless the next state is closed), or
   * something that no future waits for.
   */
  default void onRefused(RefusedException refusal) {}
}
