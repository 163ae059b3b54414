package dev.floe.platform.rollout;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;

/** What a caller of the REST API is told when the runtime does not do what was asked. */
final class RuntimeAnswers {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private RuntimeAnswers() {}

  /**
   * Calls the runtime.
   *
   * @throws FloeException 503 with Retry-After when it is away, 409 when it refuses
   */
  static <T> T of(Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeUnavailableException e) {
      throw FloeException.later(ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), COME_BACK);
    } catch (PlanUnreadableException e) {
      throw FloeException.later(ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), COME_BACK);
    } catch (RolloutFailedException e) {
      throw FloeException.of(ProblemType.CONFLICT, String.valueOf(e.getMessage()));
    }
  }
}
