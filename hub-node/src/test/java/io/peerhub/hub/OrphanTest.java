package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.SharedMessage;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is open and needed by nobody: nothing in normal work, and found if it is put there. */
class OrphanTest {
  private TestHub hub;
  private LogTap log;

  private void start(String resumeWindow) throws Exception {
    hub =
        TestHub.start(
            Map.of(
                "peerhub.ledger.sweep-rhythm", "1s",
                "peerhub.session.resume-window", resumeWindow,
                "peerhub.peer.passivate-after", "100ms"));
    log = LogTap.open();
  }

  @AfterEach
  void stop() {
    log.close();
    hub.close();
  }

  private long sweeps() {
    return hub.node().meters().sum(Meter.SWEEPS);
  }

  private long reclaimed() {
    return hub.node().meters().sum(Meter.ORPHANS_RECLAIMED);
  }

  /** Several sweeps find each of these states, and in the second round the end of each. */
  @ParameterizedTest
  @ValueSource(strings = {"1h", "10ms"})
  void nothingIsReclaimedInNormalWork(String resumeWindow) throws Exception {
    start(resumeWindow);
    boolean ends = resumeWindow.equals("10ms");
    try (TestPeer _ = TestPeer.live(hub.address(), Wire.BINARY, "stays");
        TestPeer _ = TestPeer.live(hub.address(), Wire.JSON, "moves")) {
      TestPeer away = TestPeer.live(hub.address(), Wire.BINARY, "away");
      away.close();
      TestPeer again = TestPeer.live(hub.address(), Wire.BINARY, "moves");
      TestPeer leaves = TestPeer.live(hub.address(), Wire.JSON, "leaves");
      leaves.say(new Frame.Bye(""));
      long before = sweeps();
      TestHub.eventually(() -> sweeps() >= before + 2);
      // Without the one that is away, if it is past its resume window.
      TestHub.eventually(() -> hub.live(Resource.PEER) == (ends ? 2 : 3));
      long later = sweeps();
      TestHub.eventually(() -> sweeps() >= later + 2);
      again.close();
    }
    assertThat(reclaimed()).isZero();
    assertThat(log.lines()).noneMatch(line -> line.contains("nobody needs"));
  }

  /** A session whose connection is gone without a word, and that has no timer either. */
  @Test
  void aSessionThatNobodyNeedsIsFoundAndEnded() throws Exception {
    start("1h");
    ActorRef<Sessions.Command> parent =
        Adapter.<Sessions.Command>toTyped(
            Adapter.toClassic(hub.node().system())
                .actorSelection("/user/sessions-0")
                .resolveOne(PATIENCE)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    CompletableFuture<ActorRef<Session.Command>> opened = new CompletableFuture<>();
    parent.tell(new Sessions.Open(new GoneOutlet(opened)));
    opened.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    TestHub.eventually(() -> hub.node().ledger().openedCount(Resource.SESSION) == 1);
    TestHub.eventually(() -> hub.live(Resource.SESSION) == 0);
    assertThat(reclaimed()).isEqualTo(1);
    assertThat(log.lines())
        .anyMatch(
            line -> line.contains("Reclaiming a session that nobody needs: before its hello"));
  }

  /** A connection that has ended and has told nobody. */
  private record GoneOutlet(CompletableFuture<ActorRef<Session.Command>> session)
      implements Outlet {
    @Override
    public Remote remote() {
      return new Remote("c0", "127.0.0.1:1", "json", false, true);
    }

    @Override
    public void opened(ActorRef<Session.Command> opened) {
      session.complete(opened);
    }

    @Override
    public void send(SharedMessage message, long seq) {}

    @Override
    public void send(Frame.FromHub frame) {}

    @Override
    public boolean isOpen() {
      return false;
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void heardOut() {}

    @Override
    public void admit(int maxFrame) {}

    @Override
    public void close() {}
  }
}
