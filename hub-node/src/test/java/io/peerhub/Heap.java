package io.peerhub;

/** The heap of a test's own JVM. */
public final class Heap {
  private Heap() {}

  /** What is live, in bytes: after a collection. */
  public static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
