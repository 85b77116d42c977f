package io.peerhub.bench;

import java.time.Duration;

/** The processor time of one process: user and system, all threads, in hundredths of a second. */
record Processor(ProcessHandle process) {
  static Processor of(long pid) {
    return new Processor(
        ProcessHandle.of(pid).orElseThrow(() -> new IllegalArgumentException("no process " + pid)));
  }

  Duration used() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("the process has ended"));
  }
}
