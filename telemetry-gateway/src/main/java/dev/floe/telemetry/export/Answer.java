package dev.floe.telemetry.export;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a backend said about a request. */
sealed interface Answer {
  /**
   * It was taken.
   *
   * @param rejected items that the backend refused for good
   * @param message why; empty for none
   */
  record Taken(long rejected, String message) implements Answer {}

  /**
   * It should be sent again.
   *
   * @param after when, if the backend said so
   */
  record Later(@Nullable Duration after, String why) implements Answer {}

  /**
   * It must not be sent again.
   *
   * @param divisible whether a part of it may be what the backend minds
   */
  record Refused(boolean divisible, String why) implements Answer {}
}
