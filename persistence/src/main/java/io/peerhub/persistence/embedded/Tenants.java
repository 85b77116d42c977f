package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Who uses the server of a directory: a shared lock on its file {@code users} for each process, and
 * within a process a count, since file locks belong to processes. A process that dies leaves by
 * that, because the kernel drops its locks.
 *
 * <p>Callers hold the directory's {@link TurnLock}, which also guards the map here.
 */
final class Tenants {

  private static final Map<Path, Tenants> OF_THIS_PROCESS = new HashMap<>();

  private final FileChannel channel;
  private final FileLock lock;
  private int count;

  private Tenants(FileChannel channel) throws IOException {
    this.channel = channel;
    this.lock = shared(channel);
  }

  static void enter(Path users) throws IOException {
    Tenants tenants = OF_THIS_PROCESS.get(users);
    if (tenants == null) {
      tenants = open(users);
      OF_THIS_PROCESS.put(users, tenants);
    }
    tenants.count++;
  }

  /** True if nobody is left, in this process or in another. */
  static boolean leave(Path users) throws IOException {
    Tenants tenants = OF_THIS_PROCESS.get(users);
    tenants.count--;
    if (tenants.count > 0) {
      return false;
    }
    OF_THIS_PROCESS.remove(users);
    try (FileChannel closing = tenants.channel) {
      tenants.lock.release();
      return closing.tryLock() != null;
    }
  }

  private static Tenants open(Path users) throws IOException {
    DataDirectory.createPrivate(users);
    FileChannel channel =
        FileChannel.open(users, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new Tenants(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static FileLock shared(FileChannel channel) throws IOException {
    return channel.lock(0, Long.MAX_VALUE, true);
  }
}
