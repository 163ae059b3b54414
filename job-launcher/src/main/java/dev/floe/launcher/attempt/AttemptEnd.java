package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param pod where it ran, as far as known
 * @param node where it ran, as far as known
 */
record AttemptEnd(
    Verdict verdict, @Nullable String pod, @Nullable String node, @Nullable Instant startedAt) {
  static AttemptEnd of(Verdict verdict) {
    return new AttemptEnd(verdict, null, null, null);
  }
}
