package dev.floe.launcher.log;

import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.verdict.DurationText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Captures one attempt's log while it is written, on a virtual thread of its own. Continues after
 * any interruption of the {@link JobRuntime} with the byte that was not read yet, and holds what
 * the database does not take until it takes it again. What can't be had is said in the log and in
 * the attempt.
 */
public final class LogCapture {
  private static final Logger LOG = Logger.getLogger(LogCapture.class);
  private static final long PAUSE_MILLIS = 1000;
  private static final Duration STUCK = Duration.ofSeconds(5);
  private static final Duration LAST_LINES = Duration.ofSeconds(15);

  /** After the time for the rest is over: for the last lines, and for storing them. */
  private static final Duration OVERDUE = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final StoreWarnings WARNINGS = new StoreWarnings(System::nanoTime);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
  private static final String UNREAD = "the log's end could not be read";
  private static final int LONGEST_WORDS = 300;
  private static final int AT_ONCE = 16 << 10;

  /** Says that the database did not take a piece for too long. */
  private static final class StoreGivenUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StoreGivenUpException(RuntimeException cause) {
      super(cause);
    }
  }

  private final JobRuntime runtime;
  private final Transactions transactions;
  private final LogStore store;
  private final LogConfig config;
  private final AttemptRef attempt;
  private final long epoch;
  private final Runnable quiet;
  private final Duration overdue;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean abandoned;
  private volatile boolean late;
  private volatile boolean storeGivenUp;
  private volatile boolean givenUp;
  private volatile @Nullable String storeFailure;
  private volatile @Nullable String unrecordedLoss;
  private volatile boolean whole = true;
  private volatile @Nullable AttemptLog reading;
  private volatile @Nullable AttemptLog cut;
  private volatile long lastRead = System.nanoTime();
  private volatile @Nullable Thread thread;
  private long warnedAt = System.nanoTime() - BETWEEN_WARNINGS.toNanos();
  private boolean opened;

  /** Whether the place to read on from was found, so that a stream can be followed from there. */
  private boolean located;

  /** Whether everything was read up to that place that had been written. */
  private boolean settled;

  private String runtimeFailure = "the runtime had no log to read";

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
    this(runtime, transactions, store, config, attempt, epoch, quiet, OVERDUE);
  }

  /** For tests that don't wait so long for what never ends. */
  LogCapture(
      JobRuntime runtime,
      Transactions transactions,
      LogStore store,
      LogConfig config,
      AttemptRef attempt,
      long epoch,
      Runnable quiet,
      Duration overdue) {
    this.runtime = runtime;
    this.transactions = transactions;
    this.store = store;
    this.config = config;
    this.attempt = attempt;
    this.epoch = epoch;
    this.quiet = quiet;
    this.overdue = overdue;
  }

  /** Begins to capture. */
  public void start() {
    thread = Thread.ofVirtual().name("log-" + attempt.name()).start(this::run);
  }

  /**
   * The attempt has ended: captures the rest. Where the runtime does not give it in time, the last
   * lines are fetched and a mark says that something is missing. Where the database does not take
   * it, waits for that as long as {@link LogConfig#storeTimeout} says. Whatever hangs, this ends:
   * at the latest a minute after both times.
   *
   * @param longest time for reading the rest
   * @param stop whether to stop waiting at once
   * @return whether all of it was stored; where not, the attempt says so
   * @throws RuntimeException the loss could not be recorded; call again
   */
  public boolean finish(Duration longest, BooleanSupplier stop) throws InterruptedException {
    ended.countDown();
    long now = System.nanoTime();
    long stuckAt = now + Math.min(STUCK.toNanos(), longest.toNanos());
    long lateAt = now + longest.toNanos();
    long giveUpStoreAt = now + config.storeTimeout().toNanos();
    boolean reopened = false;
    while (!givenUp && !done.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
      now = System.nanoTime();
      if (stop.getAsBoolean()) {
        return false;
      }
      if (now - lateAt > overdue.toNanos()) {
        giveUp();
      } else if (storeFailure != null) {
        storeGivenUp = now - giveUpStoreAt > 0;
        if (!storeGivenUp) {
          lateAt = Math.max(lateAt, now + longest.toNanos());
        }
      } else if (late && now - lateAt > LAST_LINES.toNanos()) {
        // What was read of the last lines is stored; the next read of this stream fails.
        closeReading();
      } else if (!late && now - lateAt > 0) {
        late = true;
        closeReading();
      } else if (!reopened && now - stuckAt > 0) {
        reopened = true;
        if (now - lastRead > STUCK.toNanos()) {
          // A stream that hangs though its attempt has ended is read again from where it hangs.
          closeReading();
        } else {
          hurry();
        }
      }
    }
    var loss = unrecordedLoss;
    if (loss != null && (givenUp || !abandoned)) {
      var at = new LogWriter.Position(attempt.runId(), attempt.number(), epoch, 0);
      transactions.call(() -> store.lost(at, loss));
      unrecordedLoss = null;
    }
    return whole;
  }

  /** Stops capturing; another owner continues. */
  public void abandon() {
    abandoned = true;
    ended.countDown();
    closeReading();
  }

  /** Reading or storing hangs, or does not end in time: the attempt's end can't wait for it. */
  private void giveUp() {
    givenUp = true;
    whole = false;
    unrecordedLoss = UNREAD + ": it took too long";
    LOG.warnf("log of %s: %s", attempt.name(), unrecordedLoss);
    abandon();
    var capturing = thread;
    if (capturing != null) {
      capturing.interrupt();
    }
  }

  private void hurry() {
    var stream = reading;
    if (stream != null) {
      stream.hurry();
    }
  }

  private void closeReading() {
    var stream = reading;
    if (stream != null) {
      cut = stream;
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debugf("log of %s: %s", attempt.name(), e.getMessage());
      }
    }
  }

  private void run() {
    try {
      while (!captured()) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (LogWriter.LostException e) {
      LOG.debugf("log of %s: taken over by another replica", attempt.name());
    } catch (StoreGivenUpException e) {
      whole = false;
      unrecordedLoss =
          "the log's end is missing: the database did not take it for "
              + DurationText.of(config.storeTimeout())
              + " ("
              + storeFailure
              + ")";
      LOG.warnf("log of %s: %s", attempt.name(), unrecordedLoss);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      whole = false;
      unrecordedLoss = UNREAD;
      unrecordedLoss = UNREAD + ": " + words(e);
      LOG.warnf(e, "log of %s: %s", attempt.name(), unrecordedLoss);
    } finally {
      done.countDown();
    }
  }

  /**
   * Captures to the end. What nobody expects, such as too little memory, ends no capture: it begins
   * again with what is stored, like another owner would.
   *
   * @return false where it is to begin again
   */
  private boolean captured() throws InterruptedException {
    try {
      capture(open());
      return true;
    } catch (LogWriter.LostException | StoreGivenUpException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (late) {
        throw e;
      }
      located = false;
      settled = false;
      runtimeFailure = words(e);
      if (mayWarn()) {
        LOG.warnf(e, "log of %s: capturing begins again", attempt.name());
      }
      return abandoned;
    }
  }

  private LogWriter open() {
    while (true) {
      try {
        var writer =
            LogWriter.open(
                transactions,
                store,
                config,
                this::storeFailed,
                attempt.runId(),
                attempt.number(),
                epoch);
        storeFailure = null;
        return writer;
      } catch (LogWriter.LostException e) {
        throw e;
      } catch (RuntimeException e) {
        storeFailed(e);
      }
    }
  }

  private void capture(LogWriter writer) throws InterruptedException {
    while (!abandoned && !writer.full()) {
      boolean last = ended.getCount() == 0;
      // A place in the middle is looked for in what is there; only then the stream is followed.
      boolean follow = !last && (located || writer.next().equals(LogPosition.START));
      boolean there = false;
      long before = writer.taken();
      try {
        there = copy(writer, runtime.log(attempt, from(writer), follow), follow);
        if (last && (there || !late)) {
          finish(writer, there || settled || !opened ? null : end());
          return;
        }
        if (there && follow) {
          if (writer.taken() != before) {
            // A followed stream may end before the log does. The pod may be gone a moment later.
            copy(writer, runtime.log(attempt, from(writer), false), false);
          }
          quiet.run();
        }
      } catch (LogWriter.LostException | StoreGivenUpException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        runtimeFailure = words(e);
        LOG.debugf("log of %s: %s", attempt.name(), runtimeFailure);
      }
      if (late && !abandoned) {
        lastLines(writer);
        return;
      }
      if (last) {
        Thread.sleep(PAUSE_MILLIS);
      } else if (!there || follow) {
        boolean woken = ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        LOG.tracef("log of %s: woken %s", attempt.name(), woken);
      }
    }
  }

  private LogPosition from(LogWriter writer) {
    return settled ? writer.next().asSettled() : writer.next();
  }

  /** There was no time to read all of the rest: the last lines matter most. */
  private void lastLines(LogWriter writer) {
    String end = end();
    try {
      var found = runtime.logEnd(attempt, writer.next(), writer.linesOfLastPart());
      if (copy(writer, found, false)) {
        end = null;
      }
    } catch (LogWriter.LostException | StoreGivenUpException e) {
      throw e;
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.debugf("last lines of %s: %s", attempt.name(), words(e));
    }
    whole = false;
    finish(writer, end);
  }

  private void finish(LogWriter writer, @Nullable String end) {
    if (!abandoned) {
      whole &= end == null;
      writer.finish(end);
    }
  }

  private String end() {
    return UNREAD + ": " + runtimeFailure;
  }

  /**
   * Reads a stream to its end.
   *
   * @return whether there was one
   */
  private boolean copy(LogWriter writer, Optional<AttemptLog> found, boolean follow)
      throws IOException, InterruptedException {
    if (found.isEmpty()) {
      return false;
    }
    opened = true;
    lastRead = System.nanoTime();
    try (var stream = found.get()) {
      reading = stream;
      int atOnce = (int) Math.min(AT_ONCE, config.chunk().asLongValue());
      var pump = LogPump.start(attempt.name(), stream, atOnce);
      try {
        boolean before = settled;
        long taken = writer.taken();
        boolean end = store(writer, pump);
        if (stream.equals(cut)) {
          throw new IOException("it took too long");
        }
        settled = end || (before && writer.taken() == taken);
        located = settled || !follow;
      } finally {
        pump.stop();
      }
      return true;
    } finally {
      reading = null;
    }
  }

  /**
   * Stores what is read until the stream ends; gathers what comes slowly, so that there are fewer,
   * larger pieces.
   *
   * @return whether everything was read that had been written
   */
  private boolean store(LogWriter writer, LogPump pump) throws IOException, InterruptedException {
    var gathered = new Gathered(writer);
    while (!abandoned) {
      var part = gathered.isEmpty() ? pump.take() : pump.poll(gathered.left());
      lastRead = System.nanoTime();
      if (part instanceof LogPump.Bytes bytes) {
        located = false;
        settled = false;
        gathered.add(bytes);
        continue;
      }
      gathered.flush();
      switch (part) {
        case null -> {}
        case LogPump.Bytes _ -> throw new IllegalStateException("handled above");
        case LogPump.Missing missing -> {
          whole = false;
          writer.missing(missing.what(), missing.after());
          storeFailure = null;
        }
        case LogPump.End end -> {
          return end.settled();
        }
        case LogPump.Broken broken -> throw new IOException(broken.cause());
      }
    }
    return false;
  }

  /** Bytes that are stored together. */
  private final class Gathered {
    private final LogWriter writer;
    private final int most = (int) config.chunk().asLongValue();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private LogPosition after = LogPosition.START;
    private long since;

    private Gathered(LogWriter writer) {
      this.writer = writer;
    }

    private boolean isEmpty() {
      return bytes.size() == 0;
    }

    /** How long they may wait for more. */
    private Duration left() {
      var waited = Duration.ofNanos(System.nanoTime() - since);
      var left = config.flushEvery().minus(waited);
      return left.isNegative() ? Duration.ZERO : left;
    }

    private void add(LogPump.Bytes part) {
      if (bytes.size() + part.bytes().length > most) {
        flush();
      }
      if (isEmpty()) {
        since = System.nanoTime();
      }
      bytes.writeBytes(part.bytes());
      after = part.after();
      if (bytes.size() >= most || left().isZero()) {
        flush();
      }
    }

    private void flush() {
      if (isEmpty()) {
        return;
      }
      writer.write(bytes.toByteArray(), bytes.size(), after);
      storeFailure = null;
      bytes.reset();
    }
  }

  private boolean mayWarn() {
    long now = System.nanoTime();
    boolean may = now - warnedAt >= BETWEEN_WARNINGS.toNanos();
    if (may) {
      warnedAt = now;
    }
    return may;
  }

  /** The database did not take a piece or did not answer: waits a little. */
  private void storeFailed(RuntimeException failure) {
    storeFailure = words(failure);
    WARNINGS.warn(attempt, words(failure));
    if (abandoned) {
      throw new LogWriter.LostException();
    }
    if (storeGivenUp) {
      throw new StoreGivenUpException(failure);
    }
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogWriter.LostException();
    }
  }

  /** The innermost cause in one line, for people. */
  private static String words(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var said = cause.getMessage();
    var text =
        (said == null ? cause.getClass().getSimpleName() : said)
            .replaceAll("[\\p{Cntrl}\\s]+", " ")
            .strip();
    return text.substring(0, Math.min(LONGEST_WORDS, text.length()));
  }
}
