package io.peerhub.testing.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process of this machine for good: its id, which another may get after its end, and when it
 * began, in the kernel's ticks, which tells the two apart.
 */
record ProcessName(long pid, long began) {
  /** Which of the fields behind the name of the program is the time of the beginning. */
  private static final int BEGAN = 19;

  /**
   * The process that has this id now.
   *
   * @throws IOException if there is none
   */
  static ProcessName of(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // The program's own name stands in parentheses and may hold anything, these too.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new ProcessName(pid, Long.parseLong(fields[BEGAN]));
  }

  static ProcessName parse(String text) {
    String[] parts = text.split(" ");
    return new ProcessName(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  boolean isAlive() {
    try {
      return of(pid).began == began;
    } catch (IOException gone) {
      return false;
    }
  }

  @Override
  public String toString() {
    return pid + " " + began;
  }
}
