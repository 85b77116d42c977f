package io.peerhub.client;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that is welcome: a thread that reads it and one that writes it. It tells its
 * conductor once that it ended, and at most once that the hub sends it away.
 */
final class Connection {
  /** What a connection has to say to its conductor. */
  interface Events {
    void ended(Connection connection, Exception cause);

    void sentAway(Connection connection, Frame.Goaway goaway);
  }

  private final Transport transport;
  private final Conversation conversation;
  private final Events events;
  private volatile Exception closeCause;
  private boolean isSentAway;

  Connection(Transport transport, Conversation conversation, Events events) {
    this.transport = transport;
    this.conversation = conversation;
    this.events = events;
  }

  void start(Threads threads) {
    threads.start("reader", this::readAll);
    threads.start("writer", this::writeAll);
  }

  /** Ends it at once; the reader tells, with this cause. */
  void close(Exception cause) {
    closeCause = cause;
    transport.close();
  }

  private void readAll() {
    Exception cause;
    try {
      List<Frame.FromHub> frames = new ArrayList<>();
      while (true) {
        conversation.awaitNotifiable();
        transport.read(frames);
        take(frames);
        frames.clear();
      }
    } catch (IOException | BadFrame | RuntimeException | InterruptedException end) {
      cause = end;
    }
    transport.close();
    events.ended(this, closeCause == null ? cause : closeCause);
  }

  private void take(List<Frame.FromHub> frames) {
    int error = 0;
    while (error < frames.size() && !(frames.get(error) instanceof Frame.Error)) {
      error++;
    }
    for (Frame.FromHub frame : frames.subList(0, error)) {
      if (frame instanceof Frame.Goaway goaway && !isSentAway) {
        isSentAway = true;
        events.sentAway(this, goaway);
      }
    }
    conversation.received(this, frames.subList(0, error));
    if (error < frames.size()) {
      throw RefusedException.of((Frame.Error) frames.get(error));
    }
  }

  private void writeAll() {
    List<Frame> batch = new ArrayList<>();
    try {
      while (conversation.awaitBatch(this, batch)) {
        transport.write(batch);
        batch.clear();
      }
    } catch (IOException | RuntimeException | InterruptedException end) {
      transport.close();
    }
  }
}
