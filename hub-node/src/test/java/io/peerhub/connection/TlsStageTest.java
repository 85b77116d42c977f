package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.connection.TestAuthority.Issued;
import io.peerhub.hub.LogTap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of files that change, look by look. */
class TlsStageTest {
  private TlsHouse house;
  private TlsStage stage;
  private LogTap log;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    house = new TlsHouse(folder);
    stage = TlsStage.from(house.settings(Duration.ofHours(1)), Clock.systemUTC());
    log = LogTap.open();
  }

  @AfterEach
  void close() {
    stage.close();
    log.close();
  }

  @Test
  void aMomentBetweenTwoFilesIsNotSaid() throws Exception {
    Issued next = house.authority.issue("hub");
    next.writeKey(house.key());
    stage.look();
    assertThat(log.lines()).isEmpty();
    next.writeCertificate(house.certificate());
    stage.look();
    stage.look();
    assertThat(log.lines()).singleElement().asString().contains("read again: CN=hub");
  }

  @Test
  void whatIsStillWrongAtTheNextLookIsSaidOnce() throws Exception {
    house.authority.issue("hub").writeKey(house.key());
    looks(4);
    assertThat(log.lines()).singleElement().asString().contains("is not the key of");
  }

  @Test
  void eachChangeIsSaidThoughTheReasonIsTheSame() throws Exception {
    for (int i = 0; i < 2; i++) {
      house.authority.issue("hub").writeKey(house.key());
      looks(3);
    }
    assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("is not the key of"));
  }

  @Test
  void aFileThatWasAwayAndIsBackAsItWasIsInForceAndGoneIsSaidAgain() throws Exception {
    byte[] key = Files.readAllBytes(house.key());
    for (int i = 0; i < 2; i++) {
      Files.delete(house.key());
      looks(3);
      Files.write(house.key(), key);
      looks(3);
    }
    List<String> lines = log.lines();
    assertThat(lines).hasSize(2).allMatch(line -> line.contains("NoSuchFile"));
  }

  private void looks(int count) {
    for (int i = 0; i < count; i++) {
      stage.look();
    }
  }
}
