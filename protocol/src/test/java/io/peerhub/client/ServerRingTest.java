package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerRingTest {
  private final ServerRing ring =
      new ServerRing(List.of(ServerAddress.parse("a"), ServerAddress.parse("b:1")));

  private List<String> next(int count) {
    return Stream.generate(ring::next).limit(count).map(ServerAddress::host).toList();
  }

  @Test
  void goesRoundInOrderOfPriority() {
    assertThat(next(5)).containsExactly("a", "b", "a", "b", "a");
  }

  @Test
  void beginsAtTheTopAgain() {
    next(1);
    ring.restart();
    assertThat(next(1)).containsExactly("a");
  }

  @Test
  void addsTheNodesThatTheHubTellsOfBehindItsOwnAndForgetsThemWithTheNextTelling() {
    ring.learn(List.of("c", "b:1", "no port:x"));
    assertThat(next(3)).containsExactly("a", "b", "c");
    ring.learn(List.of("d"));
    assertThat(next(3)).containsExactly("a", "b", "d");
  }

  @Test
  void goesElsewhereByTheHubsWordFirst() {
    assertThat(ring.elsewhere(List.of("c", "b:1")))
        .extracting(ServerAddress::host)
        .containsExactly("c", "b", "a");
  }

  @Test
  void readsAddressesInEveryForm() {
    assertThat(ServerAddress.parse("hub")).isEqualTo(new ServerAddress("hub", 37888));
    assertThat(ServerAddress.parse("hub:1")).isEqualTo(new ServerAddress("hub", 1));
    assertThat(ServerAddress.parse("[::1]")).isEqualTo(new ServerAddress("::1", 37888));
    assertThat(ServerAddress.parse("[::1]:2")).isEqualTo(new ServerAddress("::1", 2));
    assertThat(ServerAddress.parse("[::1]:2")).hasToString("[::1]:2");
    assertThat(ServerAddress.parse("hub")).hasToString("hub:37888");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":1", "hub:", "hub:0", "hub:65536", "hub:x", "[::1", "[::1]2"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> ServerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
