package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.persistence.embedded.EmbeddedDatabase;
import io.peerhub.protocol.Frame;
import io.peerhub.telemetry.Ledger.Resource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A peer that comes and goes while it is remembered costs the hub nothing that lasts. */
class FlappingPeerTest {
  private static final int FLAPS = 60;

  @Test
  void flapsWriteNothingAndLoseNothing() throws Exception {
    Siege siege = Siege.begin(Map.of("peerhub.peer.passivate-after", "1h"));
    Path data = siege.hub().node().settings().data().resolve("postgres");
    try (EmbeddedDatabase database = EmbeddedDatabase.join(data);
        TestPeer writer = siege.peer(Wire.JSON, "flap-writer")) {
      long before = lastTerm(database);
      long epoch = 0;
      for (int i = 0; i < FLAPS; i++) {
        Wire wire = Wire.values()[i % Wire.values().length];
        TestPeer flapper = TestPeer.connect(siege.address(), wire);
        flapper.say(TestPeer.hello("flapper", "auto", null));
        Frame.Welcome welcome = flapper.expect(Frame.Welcome.class);
        assertThat(welcome.epoch()).isGreaterThan(epoch);
        epoch = welcome.epoch();
        writer.tell("flapper", "m" + i);
        assertThat(flapper.expect(Frame.Message.class).body().asText()).isEqualTo("m" + i);
        leave(flapper, i);
      }
      assertThat(lastTerm(database) - before).as("writes").isLessThanOrEqualTo(1);
      siege.bystanders().goOn();
      writer.say(new Frame.Bye(""));
    }
    siege.judge(Resource.PEER);
  }

  /** With a goodbye, with an orderly end, or with a reset. */
  private static void leave(TestPeer flapper, int how) throws Exception {
    switch (how % 3) {
      case 0 -> {
        flapper.say(new Frame.Bye(""));
        flapper.awaitEnd();
        flapper.close();
      }
      case 1 -> flapper.close();
      default -> flapper.cut();
    }
  }

  /** The terms given so far: one for each activation of a peer. */
  private static long lastTerm(EmbeddedDatabase database) throws Exception {
    String url =
        "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name();
    try (Connection connection =
            DriverManager.getConnection(url, database.name(), database.password());
        ResultSet row =
            connection.createStatement().executeQuery("select last_value from peerhub.peer_term")) {
      row.next();
      return row.getLong(1);
    }
  }
}
