package dev.floe.platform.rollout;

import java.time.Duration;

/** A clock that moves only when somebody pauses. */
final class TestPace implements Pace {
  private long now;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void pause(Duration length) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    now += length.toNanos();
  }

  Duration spent() {
    return Duration.ofNanos(now);
  }
}
