package dev.floe.launcher.attempt;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.Verdict;
import dev.floe.launcher.runtime.AttemptRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An attempt with what only job-launcher needs of it.
 *
 * @param uid of the runtime's object that may run; null until it was adopted
 * @param decided a verdict that was decided while something may still run
 * @param bindings environment inherited from the platform
 * @param spanId of the attempt's span
 * @param failing how its latest step failed; null where it succeeded
 * @param failingSince when its steps began to fail in this way; null where the latest succeeded
 */
record AttemptRow(
    Attempt attempt,
    AttemptKey key,
    @Nullable String uid,
    @Nullable Verdict decided,
    List<EnvVar> bindings,
    String spanId,
    Instant launchDeadlineAt,
    Failure.@Nullable Kind failing,
    @Nullable Instant failingSince) {
  /** How its steps fail; empty once it has ended or where the latest step succeeded. */
  Optional<FailingSteps> failingSteps() {
    return failing == null || failingSince == null || attempt.state().terminal()
        ? Optional.empty()
        : Optional.of(new FailingSteps(failing, failingSince, uid != null));
  }

  AttemptRef ref() {
    return new AttemptRef(attempt.namespace(), attempt.runId(), attempt.number());
  }
}
