package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.verdict.DurationText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows a step that failed, so that no attempt outlasts its limit. Pure: the same
 * inputs always give the same decision.
 */
final class FailureDecider {
  private FailureDecider() {}

  /** How far an attempt has come. */
  enum Stage {
    /** No object of it was adopted: nothing can run. */
    NOT_CREATED,
    /** An object was adopted; as far as known nothing runs yet. */
    STARTING,
    /** It runs. */
    RUNNING,
    /** It is being ended, with a verdict that was decided. */
    ENDING
  }

  /**
   * A failing attempt.
   *
   * @param stage how far it has come
   * @param decided the verdict that was decided; given if and only if it is being ended
   * @param launchTimedOut whether its launch timeout is over
   * @param lasting how long its steps have failed, in whatever way, without one that succeeded
   * @param alike how long they have failed in the way in which the latest did; not longer than
   *     {@code lasting}
   */
  record State(
      Stage stage,
      @Nullable Verdict decided,
      boolean launchTimedOut,
      Duration lasting,
      Duration alike) {}

  /**
   * How long failures are borne.
   *
   * @param rights while the runtime denies access
   * @param ending while nothing can be observed of an attempt, or it does not end though it is told
   *     to
   */
  record Limits(Duration rights, Duration ending) {}

  /** What follows. */
  sealed interface Outcome {
    /** The step is tried again. */
    record Retry() implements Outcome {}

    /**
     * The attempt is to be ended where a look at it, taken now, says that nothing of it runs yet;
     * otherwise the step is tried again.
     *
     * @param blind whether it is to be ended also where that look fails in an unexpected way; what
     *     may run of it is stopped first
     */
    record Stop(Verdict verdict, boolean blind) implements Outcome {}

    /**
     * The end is recorded.
     *
     * @param observed whether it is known that nothing of the attempt runs; otherwise nothing may
     *     follow it
     */
    record End(Verdict verdict, boolean observed) implements Outcome {}
  }

  static Outcome decide(State state, Failure failure, Limits limits) {
    var decided = state.decided();
    if (decided != null && failure.kind() != Failure.Kind.DATABASE) {
      var over =
          isOver(state.lasting(), limits.ending())
              || (failure.kind() == Failure.Kind.DENIED && isOver(state.alike(), limits.rights()));
      return over ? unobserved(decided, failure.message()) : new Outcome.Retry();
    }
    return switch (failure.kind()) {
      case DENIED -> denied(state, failure, limits);
      // Whether it runs cannot be known: it is waited for until the run's own time is over.
      case UNAVAILABLE ->
          state.stage() == Stage.NOT_CREATED && state.launchTimedOut()
              ? ended(VerdictReason.API_UNAVAILABLE, failure.message())
              : new Outcome.Retry();
      case UNEXPECTED -> unexpected(state, failure, limits);
      // Says nothing about the attempt, and nothing can be recorded.
      case DATABASE -> new Outcome.Retry();
    };
  }

  /**
   * What follows for an attempt that is to be ended, and that was told to, while it is seen to go
   * on: on a node that is lost nobody carries that out.
   *
   * @param ending since its end was decided or asked for
   * @param grace between the termination signal and the kill
   */
  static Outcome goesOn(Verdict decided, Duration ending, Duration grace, Limits limits) {
    var limit = limits.ending().plus(grace);
    return isOver(ending, limit)
        ? unobserved(
            decided,
            "it continues %s after it was told to end; its node may be lost"
                .formatted(DurationText.of(limit)))
        : new Outcome.Retry();
  }

  private static Outcome denied(State state, Failure failure, Limits limits) {
    var reason =
        failure.namespaceMissing() ? VerdictReason.NAMESPACE_GONE : VerdictReason.RIGHTS_LOST;
    if (state.stage() == Stage.NOT_CREATED) {
      // Access may never have been granted: a domain that is being declared gets its time.
      return state.launchTimedOut()
              || (failure.namespaceMissing() && isOver(state.alike(), limits.rights()))
          ? ended(reason, failure.message())
          : new Outcome.Retry();
    }
    if (!isOver(state.alike(), limits.rights())) {
      return new Outcome.Retry();
    }
    var message =
        "%s, for %s now. What runs of it there, if anything, ends at its own timeout"
            .formatted(failure.message(), DurationText.of(limits.rights()));
    return new Outcome.End(Verdict.of(reason, message), false);
  }

  private static Outcome unexpected(State state, Failure failure, Limits limits) {
    if (!state.launchTimedOut() || state.stage() == Stage.RUNNING) {
      return new Outcome.Retry();
    }
    var message =
        "Nothing ran within the launch timeout: job-launcher failed with " + failure.message();
    return state.stage() == Stage.NOT_CREATED
        ? ended(VerdictReason.LAUNCH_TIMEOUT, message)
        : new Outcome.Stop(
            Verdict.of(VerdictReason.LAUNCH_TIMEOUT, message),
            isOver(state.alike(), limits.ending()));
  }

  private static Outcome ended(VerdictReason reason, String message) {
    return new Outcome.End(Verdict.of(reason, message), true);
  }

  private static Outcome unobserved(Verdict decided, String why) {
    var message = "%s. Its end could not be observed: %s".formatted(decided.message(), why);
    return new Outcome.End(Verdict.of(decided.reason(), message), false);
  }

  private static boolean isOver(Duration lasting, Duration limit) {
    return lasting.compareTo(limit) >= 0;
  }
}
