package dev.floe.launcher.retry;

import dev.floe.contract.run.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What follows a finished attempt. */
public sealed interface Decision {
  /**
   * Another attempt.
   *
   * @param delay before it
   * @param memory it may use, as a Kubernetes quantity; null where no limit is set
   */
  record Retry(Duration delay, @Nullable String memory) implements Decision {}

  /** The end of the run, with the verdict that stands. */
  record Stop(Verdict verdict) implements Decision {}
}
