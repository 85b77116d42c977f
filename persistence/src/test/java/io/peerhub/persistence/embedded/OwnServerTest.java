package io.peerhub.persistence.embedded;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OwnServerTest {
  @RegisterExtension private final TestDirectory directory = new TestDirectory();

  private OwnServer server;

  @BeforeEach
  void startsTheServer() throws IOException {
    server = OwnServer.of(directory.path());
    server.start();
  }

  @Test
  void runsUntilItIsStoppedAndStartsAgainAtTheSamePort() throws IOException {
    int port = server.port();
    assertThat(server.isRunning()).isTrue();
    for (OwnServer.Stop mode : OwnServer.Stop.values()) {
      server.stop(mode, PATIENCE);
      assertThat(server.isRunning()).isFalse();
      assertThatThrownBy(server::pid).hasMessage("the database does not run");
      server.start();
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void startsAgainAfterAllOfItWasKilled() throws IOException {
    long pid = server.pid();
    directory.signal("KILL");
    assertThat(server.isRunning()).isFalse();
    server.start();
    assertThat(server.pid()).isNotEqualTo(pid);
    assertThat(server.isRunning()).isTrue();
  }

  @Test
  void saysWhenItDoesNotStop() throws IOException {
    directory.signal("STOP");
    try {
      assertThatThrownBy(() -> server.stop(OwnServer.Stop.FAST, Duration.ofMillis(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not stop");
    } finally {
      directory.signal("CONT");
    }
  }
}
