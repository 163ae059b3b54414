package dev.floe.cli;

import java.time.Duration;
import java.time.Instant;

/**
 * When a command gives up, as {@code --timeout} says; counted from the command's start.
 *
 * @param limit what the user asked for
 * @param end the moment at which it is over
 */
public record Deadline(Duration limit, Instant end) {

  /** A limit that begins now. */
  public static Deadline in(Duration limit) {
    return new Deadline(limit, Instant.now().plus(limit));
  }

  /** What is left of it; never negative. */
  public Duration left() {
    var left = Duration.between(Instant.now(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether nothing is left. */
  public boolean isOver() {
    return !Instant.now().isBefore(end);
  }
}
