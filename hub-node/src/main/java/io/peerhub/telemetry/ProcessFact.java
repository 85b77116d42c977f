package io.peerhub.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the process says about itself, one series each. The facts are read by hand: Micrometer's own
 * set adds series as collectors come up with new causes, and registers listeners that have to be
 * closed.
 */
public enum ProcessFact {
  HEAP_USED_BYTES(() -> memory().getHeapMemoryUsage().getUsed()),
  HEAP_MAX_BYTES(() -> memory().getHeapMemoryUsage().getMax()),
  NON_HEAP_USED_BYTES(() -> memory().getNonHeapMemoryUsage().getUsed()),
  /** Direct buffers that the JVM knows of. */
  DIRECT_USED_BYTES(
      () ->
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .filter(pool -> pool.getName().equals("direct"))
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum()),
  /** What the system counts as this process's memory; where it does not say, heap and non-heap. */
  RESIDENT_BYTES(ProcessFact::resident),
  GC_COUNT(() -> collected(GarbageCollectorMXBean::getCollectionCount)),
  GC_SECONDS(() -> collected(GarbageCollectorMXBean::getCollectionTime) / 1e3),
  THREADS(() -> ManagementFactory.getThreadMXBean().getThreadCount()),
  FILES_OPEN(() -> ofUnix(UnixOperatingSystemMXBean::getOpenFileDescriptorCount)),
  FILES_MAX(() -> ofUnix(UnixOperatingSystemMXBean::getMaxFileDescriptorCount)),
  CPU_SECONDS(() -> ofUnix(UnixOperatingSystemMXBean::getProcessCpuTime) / 1e9),
  UPTIME_SECONDS(() -> ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);

  private static final Path STATUS = Path.of("/proc/self/status");

  private final DoubleSupplier source;

  ProcessFact(DoubleSupplier source) {
    this.source = source;
  }

  /** The value now; NaN where this system does not tell it. */
  public double now() {
    return source.getAsDouble();
  }

  private static MemoryMXBean memory() {
    return ManagementFactory.getMemoryMXBean();
  }

  private static double collected(ToDoubleFunction<GarbageCollectorMXBean> what) {
    return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToDouble(what).sum();
  }

  private static double ofUnix(ToDoubleFunction<UnixOperatingSystemMXBean> what) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? what.applyAsDouble(unix)
        : Double.NaN;
  }

  private static double resident() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseGet(ProcessFact::committed);
    } catch (IOException noSuchSystem) {
      return committed();
    }
  }

  private static double committed() {
    return memory().getHeapMemoryUsage().getCommitted()
        + memory().getNonHeapMemoryUsage().getCommitted();
  }
}
