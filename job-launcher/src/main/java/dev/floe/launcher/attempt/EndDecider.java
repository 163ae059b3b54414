package dev.floe.launcher.attempt;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.Verdict;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.verdict.VerdictClassifier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides which verdict is recorded of an attempt that has ended. Pure: the same inputs always give
 * the same verdict.
 */
final class EndDecider {
  private EndDecider() {}

  /**
   * An ending that the process came to by itself stands against every earlier decision: the run's
   * timeout, the launch timeout, and a cancel. A cancel that arrives after exit code 0 came too
   * late. An ending that the decision brought about (stopped, deleted), or that the cluster brought
   * about meanwhile, is recorded as what was decided.
   *
   * @param decided the verdict that was decided while something may still have run; null for none
   * @param kind what the attempt did
   * @param ending as the runtime recorded it
   * @param timeout the attempt's own, for the words
   */
  static Verdict verdict(@Nullable Verdict decided, RunKind kind, Ending ending, Duration timeout) {
    if (decided == null || endedByItself(ending)) {
      return VerdictClassifier.ended(kind, ending, timeout);
    }
    return Verdict.of(decided.reason(), decided.message(), ending.exitCode());
  }

  private static boolean endedByItself(Ending ending) {
    return switch (ending.cause()) {
      case EXITED -> ending.exitCode() != null;
      case OOM_KILLED -> true;
      case DEADLINE,
          STOPPED,
          START_ERROR,
          EVICTED,
          PREEMPTED,
          NODE_LOST,
          NODE_SHUTDOWN,
          POD_DELETED,
          JOB_DELETED ->
          false;
    };
  }
}
