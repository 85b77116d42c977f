package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One at a time joins or leaves the server of a directory, across the machine's processes.
 *
 * <p>The file's lock keeps processes apart, and is dropped by the kernel if its holder is killed.
 * Threads of one process are kept apart by an ordinary lock in front of it: file locks know only
 * processes, and closing one channel of a file would drop what the process holds through another.
 */
final class TurnLock implements AutoCloseable {

  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock(true);

  private final FileChannel channel;

  private TurnLock(FileChannel channel) {
    this.channel = channel;
  }

  static TurnLock take(Path file, Duration patience) throws IOException {
    IN_THIS_PROCESS.lock();
    FileChannel channel = null;
    try {
      DataDirectory.createPrivate(file);
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      awaitLock(channel, file, patience);
      return new TurnLock(channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      IN_THIS_PROCESS.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  private static void awaitLock(FileChannel channel, Path file, Duration patience)
      throws IOException {
    Wait wait = Wait.atMost(patience);
    FileLock lock = channel.tryLock();
    while (lock == null) {
      wait.orFail("another node has been starting or stopping for too long: it holds " + file);
      lock = channel.tryLock();
    }
  }
}
