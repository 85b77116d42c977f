package io.peerhub.testing.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A program for tests of processes: starts a child and a frozen one, says so, and lives on. */
final class Sleeper {
  private Sleeper() {}

  /**
   * Plays the JVM of a test: it has a child of two processes, and one that is frozen, when it says
   * their ids.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[0]);
    Child parent =
        Child.start(
            new Child.Place(directory, "parent"),
            List.of("sh", "-c", "sleep 300 & echo $!; echo started; wait"));
    Child frozen = Child.start(new Child.Place(directory, "frozen"), List.of("sleep", "300"));
    parent.awaitText("started");
    frozen.signal(Signal.STOP);
    String grandchild = parent.out().lines().findFirst().orElseThrow();
    System.out.println("pids " + parent.pid() + " " + grandchild + " " + frozen.pid() + " .");
    Thread.currentThread().join();
  }
}
