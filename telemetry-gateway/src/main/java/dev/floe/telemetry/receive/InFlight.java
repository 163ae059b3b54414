package dev.floe.telemetry.receive;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that requests under way may take together. */
final class InFlight {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  InFlight(long limit) {
    this.limit = limit;
  }

  /**
   * @return false where there is too little left
   */
  boolean reserve(long bytes) {
    if (held.addAndGet(bytes) > limit) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
