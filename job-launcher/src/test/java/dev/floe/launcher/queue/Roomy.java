package dev.floe.launcher.queue;

import java.time.Duration;

/** Much at once, so that nothing waits for room. */
record Roomy() implements QueueConfig {
  @Override
  public long maxActive() {
    return 1000;
  }

  @Override
  public int batchSize() {
    return 5;
  }

  @Override
  public Duration look() {
    return Duration.ofMillis(400);
  }

  @Override
  public Duration every() {
    return Duration.ofMillis(50);
  }

  @Override
  public Duration longestHold() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration unknownPlatform() {
    return Duration.ofMinutes(10);
  }

  @Override
  public int timeoutBatch() {
    return 10;
  }
}
