package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import java.time.Duration;
import java.util.Locale;
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
   * @param lasting since when its steps have failed in this way, without one that succeeded
   */
  record State(Stage stage, @Nullable Verdict decided, boolean launchTimedOut, Duration lasting) {}

  /**
   * How long failures are borne.
   *
   * @param rights while the runtime denies access
   * @param ending while nothing can be observed of an attempt that is to be ended
   */
  record Limits(Duration rights, Duration ending) {}

  /** What follows. */
  sealed interface Outcome {
    /** The step is tried again. */
    record Retry() implements Outcome {}

    /** The attempt is to be ended; what may run of it is stopped first. */
    record Stop(Verdict verdict) implements Outcome {}

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
    if (decided != null) {
      var limit = failure.kind() == Failure.Kind.DENIED ? limits.rights() : limits.ending();
      return isOver(state, limit) ? unobserved(decided, failure) : new Outcome.Retry();
    }
    return switch (failure.kind()) {
      case DENIED -> denied(state, failure, limits);
      // Whether it runs cannot be known: it is waited for until the run's own time is over.
      case UNAVAILABLE ->
          state.stage() == Stage.NOT_CREATED && state.launchTimedOut()
              ? ended(VerdictReason.API_UNAVAILABLE, failure.message())
              : new Outcome.Retry();
      case UNEXPECTED -> unexpected(state, failure);
    };
  }

  private static Outcome denied(State state, Failure failure, Limits limits) {
    var reason =
        failure.namespaceMissing() ? VerdictReason.NAMESPACE_GONE : VerdictReason.RIGHTS_LOST;
    if (state.stage() == Stage.NOT_CREATED) {
      // Access may never have been granted: a domain that is being declared gets its time.
      return state.launchTimedOut()
              || (failure.namespaceMissing() && isOver(state, limits.rights()))
          ? ended(reason, failure.message())
          : new Outcome.Retry();
    }
    if (!isOver(state, limits.rights())) {
      return new Outcome.Retry();
    }
    var message =
        "%s, for %s now. What runs of it there, if anything, ends at its own timeout"
            .formatted(failure.message(), words(limits.rights()));
    return new Outcome.End(Verdict.of(reason, message), false);
  }

  private static Outcome unexpected(State state, Failure failure) {
    if (!state.launchTimedOut() || state.stage() == Stage.RUNNING) {
      return new Outcome.Retry();
    }
    var message =
        "Nothing ran within the launch timeout: job-launcher failed with " + failure.message();
    return state.stage() == Stage.NOT_CREATED
        ? ended(VerdictReason.LAUNCH_TIMEOUT, message)
        : new Outcome.Stop(Verdict.of(VerdictReason.LAUNCH_TIMEOUT, message));
  }

  private static Outcome ended(VerdictReason reason, String message) {
    return new Outcome.End(Verdict.of(reason, message), true);
  }

  private static Outcome unobserved(Verdict decided, Failure failure) {
    var message =
        "%s. Its end could not be observed: %s".formatted(decided.message(), failure.message());
    return new Outcome.End(Verdict.of(decided.reason(), message), false);
  }

  private static boolean isOver(State state, Duration limit) {
    return state.lasting().compareTo(limit) >= 0;
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
