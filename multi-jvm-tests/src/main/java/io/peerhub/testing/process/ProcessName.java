package io.peerhub.testing.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of this machine for good: its id, which another may get after its end, and when it
 * began, in the kernel's ticks, which tells the two apart.
 */
record ProcessName(long pid, long began) {
  /** Which of the fields behind the name of the program is the time of the beginning. */
  private static final int BEGAN = 19;

  /** The process that has this id now, if there is one: it may have ended at any moment. */
  static Optional<ProcessName> of(long pid) {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    } catch (IOException gone) {
      return Optional.empty();
    }
    // The program's own name stands in parentheses and may hold anything, these too.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Optional.of(new ProcessName(pid, Long.parseLong(fields[BEGAN])));
  }

  static ProcessName parse(String text) {
    String[] parts = text.split(" ");
    return new ProcessName(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  @Override
  public String toString() {
    return pid + " " + began;
  }
}
