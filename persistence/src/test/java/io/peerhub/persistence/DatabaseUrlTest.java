package io.peerhub.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  private static final String SECRET = "topsecret";

  @Test
  void tellsWhereTheDatabaseIsButNotWithWhichPassword() {
    DatabaseUrl url =
        new DatabaseUrl("jdbc:postgresql://db.example:6432/hub?user=hub&password=" + SECRET);
    assertThat(url).hasToString("jdbc:postgresql://db.example:6432/hub");
    assertThat(DatabaseSettings.of(new DatabaseSettings.External(url)).toString())
        .contains("db.example")
        .doesNotContain(SECRET);
  }

  @Test
  void mayNameSeveralServersAndTls() {
    assertThat(new DatabaseUrl("jdbc:postgresql://one,two:6432/hub?user=u&sslmode=verify-full"))
        .hasToString("jdbc:postgresql://one,two:5432,6432/hub");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socketFactory=org.example.Any",
        "authenticationPluginClassName=org.example.Any",
        "loggerFile=/tmp/file",
        "options=-c%20synchronous_commit=off",
        "preferQueryMode=simple"
      })
  void isRefusedWithParametersThatLoadClassesOrUndoSettings(String parameter) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new DatabaseUrl("jdbc:postgresql://db/hub?password=" + SECRET + "&" + parameter))
        .withMessageContaining(parameter.split("=")[0])
        .withMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "postgres://hub:topsecret@db/hub",
        "jdbc:mysql://db/hub?password=topsecret",
        "jdbc:postgresql://db:notaport/hub?password=topsecret"
      })
  void isRefusedInAnotherFormWithoutRepeatingIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseUrl(url))
        .withMessageContaining("jdbc:postgresql://HOST:PORT")
        .withMessageNotContaining(SECRET);
  }
}
