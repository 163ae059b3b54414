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
   * @param failures how often it failed, from 1
   * @param asked what the backend asked for
   * @param jitter uniform in [0, 1)
   * @return between half of and the whole doubled pause, but not before the backend wants it
   */
  static Duration pause(
      int failures, Duration initial, Duration max, @Nullable Duration asked, double jitter) {
    long doubled =
        Math.min(
            max.toNanos(),
            Math.multiplyHigh(initial.toNanos(), 1L << Math.min(failures - 1, DOUBLINGS)) != 0
                ? Long.MAX_VALUE
                : initial.toNanos() << Math.min(failures - 1, DOUBLINGS));
    var pause = Duration.ofNanos((long) (doubled * (0.5 + jitter / 2)));
    return asked != null && asked.compareTo(pause) > 0 ? asked : pause;
  }
}
