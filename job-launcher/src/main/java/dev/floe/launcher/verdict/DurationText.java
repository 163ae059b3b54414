package dev.floe.launcher.verdict;

import java.time.Duration;
import java.util.Locale;

/** Durations in messages for people: {@code 10m}, {@code 1h30m}. */
public final class DurationText {
  private DurationText() {}

  /**
   * @param duration of seconds, minutes and hours; not negative
   */
  public static String of(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
