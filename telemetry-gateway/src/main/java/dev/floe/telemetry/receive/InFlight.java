package dev.floe.telemetry.receive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all requests under way may take together: what has arrived of them, what it
 * becomes when it is decompressed, and what is written to be queued.
 */
@ApplicationScoped
class InFlight {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  @Inject
  InFlight(ReceiveConfig config) {
    this(config.maxInFlightBytes().asLongValue());
  }

  InFlight(long limit) {
    this.limit = limit;
  }

  /**
   * @return what one request holds of it; nothing yet
   */
  Reservation open() {
    return new Reservation(this);
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

  /**
   * @return bytes that requests under way hold
   */
  long held() {
    return held.get();
  }
}
