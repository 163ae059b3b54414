package dev.floe.launcher.queue;

import dev.floe.launcher.attempt.AttemptConfig;
import java.time.Duration;

/** Short times, so that takeovers come soon. */
record Brisk(Duration launchTimeout, Duration rightsTimeout) implements AttemptConfig {
  Brisk() {
    this(Duration.ofMinutes(5), Duration.ofMinutes(2));
  }

  @Override
  public Duration lease() {
    return Duration.ofMillis(400);
  }

  @Override
  public Duration renewEvery() {
    return Duration.ofMillis(50);
  }

  @Override
  public Duration takeOverEvery() {
    return Duration.ofMillis(50);
  }

  @Override
  public int takeOverBatch() {
    return 100;
  }

  @Override
  public Duration lookWhileWaiting() {
    return Duration.ofMillis(20);
  }

  @Override
  public Duration lookWhileRunning() {
    return Duration.ofMillis(20);
  }

  @Override
  public Duration grace() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration drain() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Duration longestBackoff() {
    return Duration.ofMillis(200);
  }
}
