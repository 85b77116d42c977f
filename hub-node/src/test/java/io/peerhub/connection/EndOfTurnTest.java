package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EndOfTurnTest {
  private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
  private final List<String> finished = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private int ends;
  private Consumer<String> failing = item -> failed.add(item);

  private final EndOfTurn<String> turn =
      new EndOfTurn<>(
          loop::add,
          new EndOfTurn.Work<>() {
            @Override
            public void finish(String item) {
              switch (item) {
                case "bug" -> throw new IllegalStateException(item);
                case "too deep" -> throw new StackOverflowError(item);
                case "too large" -> throw new OutOfMemoryError(item);
                default -> finished.add(item);
              }
            }

            @Override
            public void failed(String item, Throwable thrown) {
              assertThat(thrown).hasMessage(item);
              failing.accept(item);
            }

            @Override
            public void finished() {
              ends++;
            }
          });

  @Test
  void whatOneThrowsIsItsOwnAndTheTurnsGoOn() {
    for (String bad : List.of("bug", "too deep", "too large")) {
      finished.clear();
      failed.clear();
      name("a", bad, "b");
      runTurn();
      assertThat(finished).containsExactly("a", "b");
      assertThat(failed).containsExactly(bad);
      name("c");
      runTurn();
      assertThat(finished).containsExactly("a", "b", "c");
    }
    assertThat(ends).isEqualTo(6);
  }

  @Test
  void evenIfNobodyCanBeToldOfIt() {
    failing =
        item -> {
          throw new OutOfMemoryError("again");
        };
    name("bug", "a");
    runTurn();
    name("b");
    runTurn();
    assertThat(finished).containsExactly("a", "b");
  }

  @Test
  void whatIsNamedWhileOthersAreFinishedIsTheNextTurns() {
    failing = item -> turn.add("later");
    name("bug", "a");
    runTurn();
    assertThat(finished).containsExactly("a");
    runTurn();
    assertThat(finished).containsExactly("a", "later");
    assertThat(loop).isEmpty();
  }

  private void name(String... items) {
    for (String item : items) {
      turn.add(item);
    }
    assertThat(loop).hasSize(1);
  }

  private void runTurn() {
    loop.remove().run();
  }
}
