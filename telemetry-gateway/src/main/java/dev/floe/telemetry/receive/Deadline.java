package dev.floe.telemetry.receive;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When work on a request is given up.
 *
 * @param nanos by {@link System#nanoTime}
 */
record Deadline(long nanos) implements BooleanSupplier {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /**
   * @return whether it has passed
   */
  @Override
  public boolean getAsBoolean() {
    return System.nanoTime() - nanos > 0;
  }
}
