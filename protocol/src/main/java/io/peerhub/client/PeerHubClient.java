package io.peerhub.client;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A peer of a hub: it connects, comes back, sends, receives and asks, until it is closed.
 *
 * <p>
 *
 * {@snippet file="ClientExamples.java" region="conversation"}
 *
 * <p><b>What it guarantees.</b> While its session lives, nothing is lost or doubled by a connection
 * that breaks, in both directions; where the hub cannot go on with a session, a gap is told. A
 * critical message is kept until the hub has it for good or refuses it, and repeated under its id.
 * Every future that it returns completes, at the latest when the client is closed. Nothing is
 * dropped without the future, the listener or both being told.
 *
 * <p><b>What it does not.</b> It stores nothing: what waits here is gone with the process. A live
 * message that was sent when a session was lost has an unknown fate ({@link UnconfirmedException})
 * and is not sent again.
 *
 * <p><b>Threads.</b> All methods may be called from any thread. Futures complete and listeners are
 * called on one thread of the client, messages are handled on another; so a handler may wait for
 * futures, but what is attached to a future should not.
 */
public final class PeerHubClient implements AutoCloseable {
  /** How long {@code close} waits for the hub's side of the good-bye. */
  private static final Duration BYE_PATIENCE = Duration.ofSeconds(1);

  private static final int SECRET_BYTES = 16;

  private final ClientSettings settings;
  private final Threads threads;
  private final Notifier notifier = new Notifier();
  private final Conversation conversation;
  private final Timekeeper timekeeper;
  private final Senders senders;
  private final Conductor conductor;
  private final Thread handling;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private PeerHubClient(
      ClientSettings settings,
      MessageHandler handler,
      ClientListener listener,
      LongSupplier clock) {
    this.settings = settings;
    threads = new Threads(settings.peer().text());
    Notices notices = new Notices(listener, notifier);
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    String prefix = HexFormat.of().formatHex(secret);
    Session session = new Session(settings.limits(), notices, prefix);
    conversation = new Conversation(settings, session, notices, clock);
    timekeeper = new Timekeeper(conversation);
    senders = new Senders(conversation, timekeeper, prefix);
    conductor = new Conductor(settings, conversation, notices, threads, notifier::close);
    handling = threads.prepare("handler", new HandlerLoop(this, conversation, handler, listener));
  }

  /** Connects a peer that only sends: messages to it are acknowledged and let go. */
  public static PeerHubClient connect(ClientSettings settings) {
    return connect(settings, (client, message) -> {}, new ClientListener() {});
  }

  /** Connects a peer that handles messages. */
  public static PeerHubClient connect(ClientSettings settings, MessageHandler handler) {
    return connect(settings, handler, new ClientListener() {});
  }

  /**
   * Connects a peer. Returns at once: what is sent before the connection is there waits for it.
   *
   * @param handler gets the messages
   * @param listener hears of everything else
   */
  public static PeerHubClient connect(
      ClientSettings settings, MessageHandler handler, ClientListener listener) {
    return connect(settings, handler, listener, System::nanoTime);
  }

  static PeerHubClient connect(
      ClientSettings settings,
      MessageHandler handler,
      ClientListener listener,
      LongSupplier clock) {
    PeerHubClient client = new PeerHubClient(settings, handler, listener, clock);
    client.start();
    return client;
  }

  private void start() {
    threads.start("notifier", notifier);
    threads.start("timer", timekeeper::keepTime);
    threads.start(handling);
    threads.start("conductor", conductor);
  }

  /** How it stands. */
  public ClientState state() {
    return conversation.state();
  }

  /** Waits until the client is live; false if it is not in time, or never will be. */
  public boolean awaitLive(Duration limit) throws InterruptedException {
    return conversation.awaitLive(limit);
  }

  /** What it has counted. */
  public ClientStats stats() {
    return conversation.stats();
  }

  /** Sends a live text, and asks that the receiver's session confirms it. */
  public CompletableFuture<Outcome> send(String to, String text) {
    return send(Outgoing.live(to, Body.text(text)));
  }

  /**
   * Sends a message.
   *
   * <p>While connected this waits for room, if {@link ClientSettings.Limits} are reached; while
   * away a live message makes room by dropping the oldest, and a critical one is refused (4002).
   * Within a completion or a listener it never waits.
   *
   * @return its outcome; or {@link RefusedException}, {@link UnconfirmedException}, {@link
   *     ClientClosedException}
   */
  public CompletableFuture<Outcome> send(Outgoing message) {
    return senders.send(message);
  }

  /**
   * Sends a live message and waits for the message that answers it.
   *
   * @param deadline until when the answer is of use; then {@link
   *     java.util.concurrent.TimeoutException}. An answer that comes later is counted and dropped
   * @return the answer; or what {@code send} may end in
   */
  public CompletableFuture<Frame.Message> request(String to, Body body, Duration deadline) {
    return senders.request(Outgoing.live(to, body), deadline).thenApply(Frame.Message.class::cast);
  }

  /**
   * Answers a message, in its delivery class.
   *
   * @throws IllegalArgumentException if the message has no id to be answered by
   */
  public CompletableFuture<Outcome> reply(Frame.Message message, Body body) {
    if (message.id().isEmpty()) {
      throw new IllegalArgumentException("a message without an id cannot be answered");
    }
    Outgoing answer =
        message.delivery() == DeliveryClass.LIVE
            ? Outgoing.live(message.from(), body)
            : Outgoing.critical(message.from(), body);
    return send(answer.withRe(message.id()));
  }

  /**
   * Asks whether a peer is there, or with {@code room:NAME} who is in a room.
   *
   * @param deadline until when the answer is of use
   */
  public CompletableFuture<Frame.Presence> ask(String about, Duration deadline) {
    boolean isRoom = about.startsWith("room:");
    return senders
        .ask(isRoom ? "" : about, isRoom ? about.substring("room:".length()) : "", deadline)
        .thenApply(Frame.Presence.class::cast);
  }

  /**
   * Ends the session. Nothing more is taken; what was is given {@link ClientSettings.Patience} to
   * be confirmed and handled, then the hub is told {@code bye}, and all that is still open is
   * settled. A handler that is still at work is interrupted. Afterwards there is no thread and no
   * socket of this client, but the caller's, if it is one of them, and a handler that ignores its
   * interrupt.
   */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    boolean isHandler = Thread.currentThread() == handling;
    try {
      if (!notifier.isCurrent()) {
        conversation.drain(settings.patience().close(), isHandler);
      }
      conductor.expectEnd();
      conversation.bye(shorter(settings.patience().close(), BYE_PATIENCE));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    conversation.close(Optional.empty());
    conversation.abandon();
    conductor.stop();
    if (!isHandler) {
      handling.interrupt();
    }
    try {
      threads.join(BYE_PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
