package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.SharedMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;

/** A connection whose peer is the test. */
final class FakeOutlet implements Outlet {
  private final BlockingQueue<Frame.FromHub> frames = new LinkedBlockingQueue<>();
  volatile boolean writable = true;
  volatile boolean paused;
  volatile boolean closed;
  volatile boolean heardOut;
  volatile boolean broken;

  /** The next frame that the hub has written, which is of this kind. */
  <F extends Frame.FromHub> F expect(Class<F> kind) {
    try {
      Frame.FromHub frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(frame).isInstanceOf(kind);
      return kind.cast(frame);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** Nothing more has been written; asked after something that comes later in order. */
  void expectNothing() {
    assertThat(frames).isEmpty();
  }

  @Override
  public Remote remote() {
    return new Remote("c1", "127.0.0.1:5000", "json", false, true);
  }

  @Override
  public void opened(ActorRef<Session.Command> session) {}

  @Override
  public void send(Frame.FromHub frame) {
    if (broken) {
      throw new IllegalStateException("a bug");
    }
    if (!closed) {
      frames.add(frame);
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void send(SharedMessage message, long seq) {
    send(message.as(seq));
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  @Override
  public void heardOut() {
    heardOut = true;
  }

  @Override
  public void admit(int maxFrame) {}

  @Override
  public void close() {
    closed = true;
  }
}
