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
 * @param decidedAt when it was
 * @param bindings environment inherited from the platform
 * @param spanId of the attempt's span
 * @param releasedAt when its object was first released
 * @param failing how its latest step failed; null where it succeeded
 * @param failingSince when its steps began to fail; null where the latest succeeded
 * @param failingAlikeSince when they began to fail in this way; null where the latest succeeded
 */
record AttemptRow(
    Attempt attempt,
    AttemptKey key,
    @Nullable String uid,
    @Nullable Verdict decided,
    @Nullable Instant decidedAt,
    List<EnvVar> bindings,
    String spanId,
    Instant launchDeadlineAt,
    @Nullable Instant releasedAt,
    Failure.@Nullable Kind failing,
    @Nullable Instant failingSince,
    @Nullable Instant failingAlikeSince) {
  /** How its steps fail; empty once it has ended or where the latest step succeeded. */
  Optional<FailingSteps> failingSteps() {
    return failing == null || failingAlikeSince == null || attempt.state().terminal()
        ? Optional.empty()
        : Optional.of(new FailingSteps(failing, failingAlikeSince, uid != null));
  }

  AttemptRef ref() {
    return new AttemptRef(attempt.namespace(), attempt.runId(), attempt.number());
  }
}
