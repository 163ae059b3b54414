package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.launcher.runtime.Observation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param pod where it ran, as far as known
 * @param node where it ran, as far as known
 * @param observed whether it is known that nothing of it runs any more; otherwise no attempt
 *     follows
 */
record AttemptEnd(
    Verdict verdict,
    @Nullable String pod,
    @Nullable String node,
    @Nullable Instant startedAt,
    boolean observed) {
  static AttemptEnd of(Verdict verdict) {
    return new AttemptEnd(verdict, null, null, null, true);
  }

  /** An end that the runtime told. */
  static AttemptEnd of(Verdict verdict, Observation.Ended ended) {
    return new AttemptEnd(verdict, ended.pod(), ended.node(), ended.ending().startedAt(), true);
  }

  /** An end that had to be recorded although something of the attempt may still run. */
  static AttemptEnd unobserved(Verdict verdict) {
    return new AttemptEnd(verdict, null, null, null, false);
  }
}
