package dev.floe.launcher.log;

import dev.floe.launcher.runtime.AttemptRef;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Warns that logs wait because the database does not take them: one line a minute for all attempts
 * of this replica, with the number of those that it does not name. Thread-safe; holds the names of
 * the attempts that were captured in that minute.
 */
final class StoreWarnings {
  private static final Logger LOG = Logger.getLogger(StoreWarnings.class);
  private static final long PERIOD = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final Set<String> unnamed = new HashSet<>();
  private long loggedAt;

  /**
   * @param nanoTime a clock as {@link System#nanoTime()} is one
   */
  StoreWarnings(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.loggedAt = nanoTime.getAsLong() - PERIOD;
  }

  /**
   * @param why in one line
   */
  void warn(AttemptRef attempt, String why) {
    due(attempt, why).ifPresent(LOG::warn);
  }

  /** The line to log; empty where another was logged within a minute. */
  synchronized Optional<String> due(AttemptRef attempt, String why) {
    long now = nanoTime.getAsLong();
    if (now - loggedAt < PERIOD) {
      unnamed.add(attempt.name());
      return Optional.empty();
    }
    loggedAt = now;
    unnamed.remove(attempt.name());
    var others =
        unnamed.isEmpty()
            ? ""
            : " (so did the logs of %d other attempts)".formatted(unnamed.size());
    unnamed.clear();
    return Optional.of(
        "run=%s attempt=%d: its log can't be stored and waits%s: %s"
            .formatted(attempt.runId(), attempt.number(), others, why));
  }
}
