package dev.floe.local.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, between threads and between processes; released when its holder
 * dies.
 */
public final class FolderLock implements AutoCloseable {
  private static final Map<Path, ReentrantLock> HELD_HERE = new ConcurrentHashMap<>();
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final ReentrantLock here;
  private final FileChannel channel;

  private FolderLock(ReentrantLock here, FileChannel channel) {
    this.here = here;
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting for it as long as it takes.
   *
   * @throws IOException the lock file can't be opened, or the wait was interrupted
   */
  public static FolderLock acquire(Path file) throws IOException {
    return tryAcquire(file, Duration.ofDays(1))
        .orElseThrow(() -> new IOException("waited a day for " + file));
  }

  /** Takes the lock if it becomes free within the given time. */
  public static Optional<FolderLock> tryAcquire(Path file, Duration wait) throws IOException {
    var path = file.toAbsolutePath().normalize();
    var until = Instant.now().plus(wait);
    var here = HELD_HERE.computeIfAbsent(path, p -> new ReentrantLock());
    try {
      if (!here.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      throw interrupted(path, e);
    }
    FileChannel channel = null;
    try {
      PrivateFiles.createFolder(path.getParent() == null ? path : path.getParent());
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (lock(channel) == null) {
        if (!Instant.now().isBefore(until)) {
          close(here, channel);
          return Optional.empty();
        }
        Thread.sleep(BETWEEN_TRIES);
      }
      return Optional.of(new FolderLock(here, channel));
    } catch (InterruptedException e) {
      close(here, channel);
      throw interrupted(path, e);
    } catch (IOException e) {
      close(here, channel);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    close(here, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void close(ReentrantLock here, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      here.unlock();
    }
  }

  private static IOException interrupted(Path path, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while waiting for " + path, e);
  }
}
