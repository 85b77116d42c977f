package io.peerhub.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SceneExtension.class)
class TestDatabaseTest {
  private TestDatabase database;

  @BeforeEach
  void starts(Scene scene) throws Exception {
    database = scene.database();
    execute("create table fact (n int)");
    execute("insert into fact values (1)");
  }

  @Test
  void keepsWhatWasCommittedThroughEveryEnd() throws Exception {
    int port = database.address().getPort();
    database.stopImmediately();
    assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
    database.start();
    execute("insert into fact values (2)");
    database.kill();
    assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
    database.start();
    execute("insert into fact values (3)");
    database.stop();
    database.start();
    assertThat(count("select count(*) from fact")).isEqualTo(3);
    assertThat(database.address().getPort()).isEqualTo(port);
  }

  @Test
  void frozenItTakesConnectionsAndAnswersNone() throws Exception {
    database.freeze();
    Properties brief = new Properties();
    brief.setProperty("socketTimeout", "1");
    brief.setProperty("loginTimeout", "1");
    assertThatThrownBy(() -> DriverManager.getConnection(database.url(), brief))
        .isInstanceOf(SQLException.class);
    database.thaw();
    assertThat(count("select count(*) from fact")).isEqualTo(1);
  }

  @Test
  void frozenItIsEndedWithTheScene() throws Exception {
    database.freeze();
    database.close();
    assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
  }

  @Test
  void twoDoNotMeet(Scene scene) throws Exception {
    TestDatabase other = scene.database();
    assertThat(other.address()).isNotEqualTo(database.address());
    try (Connection connection = other.connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select * from fact"))
          .hasMessageContaining("does not exist");
    }
  }

  private void execute(String sql) throws IOException, SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int count(String sql) throws IOException, SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
