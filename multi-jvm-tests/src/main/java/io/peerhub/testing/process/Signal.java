package io.peerhub.testing.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a process can be told by the kernel. */
public enum Signal {
  /** End in order. */
  TERM,
  /** As Ctrl-C does it. */
  INT,
  /** End at once, without a last word. */
  KILL,
  /** Freeze where you are: sockets stay open, nothing moves. */
  STOP,
  /** Thaw. */
  CONT;

  /** Sends it. A process that is gone already is no error. */
  public void to(long pid) throws IOException {
    to(List.of(pid));
  }

  /** Sends it to many by one call, so that little time passes between the first and the last. */
  public void to(Collection<Long> pids) throws IOException {
    if (pids.isEmpty()) {
      return;
    }
    Stream<String> command =
        Stream.concat(Stream.of("kill", "-" + name()), pids.stream().map(String::valueOf));
    Process kill =
        new ProcessBuilder(command.toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    kill.onExit().join();
  }

  /** Sends it to a process and to all its descendants. */
  public void toTree(long pid) throws IOException {
    if (this == STOP) {
      // A parent that is frozen first starts no child between the look and the signal.
      to(pid);
      to(descendants(pid));
    } else {
      List<Long> all = new ArrayList<>(descendants(pid));
      all.add(pid);
      to(all);
    }
  }

  private static List<Long> descendants(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }
}
