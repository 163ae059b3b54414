package dev.floe.launcher.attempt;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Logs failures of attempts: one warning a minute for each kind, whatever the number of attempts
 * and tries, with the number of those that were left out. Only an unexpected failure has its stack
 * trace. Thread-safe; keeps at most {@value #MOST_KINDS} kinds apart.
 */
final class FailureWarnings {
  private static final Logger LOG = Logger.getLogger(FailureWarnings.class);
  private static final long PERIOD = Duration.ofMinutes(1).toNanos();
  private static final int MOST_KINDS = 50;
  private static final String OTHERS = "others";

  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new HashMap<>();

  /** When a kind was logged last, and how many failures of it were not. */
  private static final class Kind {
    private long loggedAt;
    private long leftOut;
  }

  FailureWarnings() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime a clock as {@link System#nanoTime()} is one
   */
  FailureWarnings(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void warn(AttemptKey key, Failure failure, Throwable thrown) {
    long leftOut = due(failure.kind() + thrown.getClass().getName());
    if (leftOut < 0) {
      LOG.debugf(thrown, "Attempt %d of run %s: trying again", key.number(), key.runId());
      return;
    }
    var more = leftOut == 0 ? "" : " (and %d failures like it since)".formatted(leftOut);
    var text =
        "Attempt %d of run %s: trying again after %s%s"
            .formatted(key.number(), key.runId(), failure.message(), more);
    if (failure.kind() == Failure.Kind.UNEXPECTED) {
      LOG.warn(text, thrown);
    } else {
      LOG.warn(text);
    }
  }

  /** How many of this kind were left out since the last one that was logged; -1: not due. */
  synchronized long due(String name) {
    var known = kinds.get(name);
    if (known == null) {
      if (kinds.size() >= MOST_KINDS && !name.equals(OTHERS)) {
        return due(OTHERS);
      }
      known = new Kind();
      known.loggedAt = nanoTime.getAsLong() - PERIOD;
      kinds.put(name, known);
    }
    if (nanoTime.getAsLong() - known.loggedAt < PERIOD) {
      known.leftOut++;
      return -1;
    }
    long leftOut = known.leftOut;
    known.loggedAt = nanoTime.getAsLong();
    known.leftOut = 0;
    return leftOut;
  }
}
