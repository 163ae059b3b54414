package dev.floe.platform.rollout;

import dev.floe.platform.runtime.Observation;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures for how long each component has been failing for one and the same cause. Two components
 * that fail one after the other, or one that fails first for this and then for that, do not add up.
 * Used by one thread.
 */
final class FailureClock {
  private record Failing(String cause, long since) {}

  private final Map<String, Failing> failing = new HashMap<>();

  /**
   * Takes an observation into account.
   *
   * @param now nanoseconds of a clock that only grows
   * @return nanoseconds since the component was first seen failing for its present cause; 0 when it
   *     is not failing
   */
  long failingFor(String component, Observation seen, long now) {
    if (!seen.failing()) {
      failing.remove(component);
      return 0;
    }
    var since =
        failing.compute(
            component,
            (name, before) ->
                before != null && before.cause().equals(seen.cause())
                    ? before
                    : new Failing(seen.cause(), now));
    return now - since.since();
  }

  /** Starts anew for one component. */
  void forget(String component) {
    failing.remove(component);
  }

  /** Starts anew: for a while nothing could be observed. */
  void reset() {
    failing.clear();
  }
}
