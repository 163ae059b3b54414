package dev.floe.telemetry.export;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a request is sent again. Pure: the same inputs always give the same
 * pause.
 */
final class Backoff {
  private static final int DOUBLINGS = 20;

  private Backoff() {}

  /**
   * A wait after a failed request.
   *
   * @param length never longer than what is left until the request is given up
   * @param sendAgain whether the request is sent again after it; false where the backend asked for
   *     more time than is left, so that nothing can come of waiting
   */
  record Pause(Duration length, boolean sendAgain) {}

  /**
   * Decides what follows a failed request.
   *
   * @param failures how often it failed, from 1
   * @param asked what the backend asked for
   * @param left until the request is given up; positive
   * @param jitter uniform in [0, 1)
   * @return between half of and the whole doubled pause, but not before the backend wants it, and
   *     at most what is left
   */
  static Pause pause(
      int failures,
      Duration initial,
      Duration max,
      @Nullable Duration asked,
      Duration left,
      double jitter) {
    if (asked != null && asked.compareTo(left) > 0) {
      return new Pause(left, false);
    }
    long doubled =
        Math.min(
            max.toNanos(),
            Math.multiplyHigh(initial.toNanos(), 1L << Math.min(failures - 1, DOUBLINGS)) != 0
                ? Long.MAX_VALUE
                : initial.toNanos() << Math.min(failures - 1, DOUBLINGS));
    var pause = Duration.ofNanos((long) (doubled * (0.5 + jitter / 2)));
    if (asked != null && asked.compareTo(pause) > 0) {
      pause = asked;
    }
    return new Pause(pause.compareTo(left) > 0 ? left : pause, true);
  }
}
