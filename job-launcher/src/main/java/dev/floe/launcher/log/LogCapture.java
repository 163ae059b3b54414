package dev.floe.launcher.log;

import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Captures one attempt's log while it is written, on a virtual thread of its own. Goes on after any
 * interruption with the byte that is not stored yet.
 */
public final class LogCapture {
  private static final Logger LOG = Logger.getLogger(LogCapture.class);
  private static final long PAUSE_MILLIS = 1000;
  private static final long STUCK_SECONDS = 5;

  private final JobRuntime runtime;
  private final Transactions transactions;
  private final LogStore store;
  private final LogConfig config;
  private final AttemptRef attempt;
  private final long epoch;
  private final Runnable quiet;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean abandoned;
  private volatile boolean late;
  private volatile @Nullable InputStream reading;

  /**
   * @param epoch fences this capture against a later owner's
   * @param quiet called when the followed log ends: the attempt may have ended too
   */
  public LogCapture(
      JobRuntime runtime,
      Transactions transactions,
      LogStore store,
      LogConfig config,
      AttemptRef attempt,
      long epoch,
      Runnable quiet) {
    this.runtime = runtime;
    this.transactions = transactions;
    this.store = store;
    this.config = config;
    this.attempt = attempt;
    this.epoch = epoch;
    this.quiet = quiet;
  }

  /** Begins to capture. */
  public void start() {
    Thread.ofVirtual().name("log-" + attempt.name()).start(this::run);
  }

  /**
   * The attempt has ended: captures the rest.
   *
   * @return whether all of it was stored in that time
   */
  public boolean finish(Duration longest) throws InterruptedException {
    ended.countDown();
    // A stream that hangs though its attempt has ended is read again from where it hangs.
    if (done.await(Math.min(STUCK_SECONDS, longest.toSeconds()), TimeUnit.SECONDS)) {
      return true;
    }
    closeReading();
    if (done.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    late = true; // what was read of the end is better than nothing
    closeReading();
    var _ = done.await(STUCK_SECONDS, TimeUnit.SECONDS);
    return false;
  }

  /** Stops capturing; another owner goes on. */
  public void abandon() {
    abandoned = true;
    ended.countDown();
    closeReading();
  }

  private void closeReading() {
    var stream = reading;
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debugf("log of %s: %s", attempt.name(), e.getMessage());
      }
    }
  }

  private void run() {
    try {
      LogWriter writer = null;
      while (!abandoned) {
        boolean last = ended.getCount() == 0;
        try {
          if (writer == null) {
            writer =
                LogWriter.open(
                    transactions, store, config, attempt.runId(), attempt.number(), epoch);
          }
          boolean there = copy(writer, !last);
          if (last || writer.full()) {
            finish(writer);
            return;
          }
          if (there) {
            quiet.run();
          }
        } catch (LogWriter.LostException e) {
          return;
        } catch (IOException | RuntimeException e) {
          LOG.debugf("log of %s: %s", attempt.name(), e.getMessage());
          if (writer != null && writer.unsure()) {
            writer = null;
          }
        }
        if (late && writer != null) {
          finish(writer);
          return;
        }
        if (last) {
          Thread.sleep(PAUSE_MILLIS);
        } else {
          boolean woken = ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
          LOG.tracef("log of %s: woken %s", attempt.name(), woken);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private void finish(LogWriter writer) {
    if (!abandoned) {
      writer.finish();
    }
  }

  private boolean copy(LogWriter writer, boolean follow) throws IOException, InterruptedException {
    if (writer.full()) {
      return true;
    }
    var found = runtime.log(attempt, writer.offset(), follow);
    if (found.isEmpty()) {
      return false;
    }
    try (var stream = found.get()) {
      reading = stream;
      var buffer = new byte[(int) config.chunk().asLongValue()];
      long flushEvery = config.flushEvery().toMillis();
      int count;
      while (!abandoned && !late && !writer.full() && (count = stream.read(buffer)) >= 0) {
        writer.write(buffer, count);
        if (count < buffer.length && ended.getCount() > 0) {
          // Let a slow log gather a little: fewer, larger pieces.
          ended.await(flushEvery, TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      reading = null;
    }
    return true;
  }
}
