package dev.floe.launcher.log;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log on a virtual thread of its own, as fast as it comes, into a short queue: whoever
 * stores it can gather what comes slowly without holding up what comes fast.
 */
final class LogPump {
  private static final int QUEUED = 8;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** What was read at once. */
  sealed interface Part {}

  /**
   * Some bytes.
   *
   * @param after the place after them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Bytes(byte[] bytes, LogPosition after) implements Part {}

  /**
   * A part that can't be had.
   *
   * @param after the place after it
   */
  record Missing(String what, LogPosition after) implements Part {}

  /**
   * The stream's end.
   *
   * @param settled whether everything was read that had been written
   */
  record End(boolean settled) implements Part {}

  /** The stream broke, or its reader did: out of memory, for example. */
  record Broken(Throwable cause) implements Part {}

  private final AttemptLog log;
  private final int atOnce;
  private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(QUEUED);
  private final Thread thread;

  private LogPump(String name, AttemptLog log, int atOnce) {
    this.log = log;
    this.atOnce = atOnce;
    this.thread = Thread.ofVirtual().name("log-reader-" + name).unstarted(this::run);
  }

  /**
   * Begins to read.
   *
   * @param atOnce most bytes of one part
   */
  static LogPump start(String name, AttemptLog log, int atOnce) {
    var pump = new LogPump(name, log, atOnce);
    pump.thread.start();
    return pump;
  }

  /** The next part; waits for it as long as the reader lives. */
  Part take() throws InterruptedException {
    Part part = null;
    while (part == null) {
      part = poll(BETWEEN_LOOKS);
    }
    return part;
  }

  /** The next part, or null where none comes in that time. */
  @Nullable Part poll(Duration longest) throws InterruptedException {
    var part = parts.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
    if (part == null && !thread.isAlive()) {
      // It may have put its last part in the meantime, or have died without one.
      part = parts.poll();
      return part == null ? new Broken(new IllegalStateException("its reader has died")) : part;
    }
    return part;
  }

  /** Reads no more; what is queued is forgotten. */
  void stop() {
    thread.interrupt();
  }

  private void run() {
    try {
      parts.put(readAll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last part. */
  private Part readAll() throws InterruptedException {
    try {
      var buffer = new byte[atOnce];
      int count;
      while ((count = log.read(buffer)) >= 0) {
        var missing = log.missing();
        if (count > 0) {
          parts.put(new Bytes(Arrays.copyOf(buffer, count), log.position()));
        } else if (missing != null) {
          parts.put(new Missing(missing, log.position()));
        }
      }
      return new End(log.position().settled());
    } catch (IOException | RuntimeException | Error e) {
      return new Broken(e);
    }
  }
}
