package dev.floe.telemetry.receive;

import org.jspecify.annotations.Nullable;

/**
 * What one request holds of {@link InFlight}. Closing gives everything back, once, and nothing can
 * be taken afterwards. Safe to use from several threads.
 */
final class Reservation implements AutoCloseable {
  private final InFlight inFlight;
  private final @Nullable String address;
  private long held;
  private boolean closed;

  /**
   * @param address where the request comes from, null for the gateway's own
   */
  Reservation(InFlight inFlight, @Nullable String address) {
    this.inFlight = inFlight;
    this.address = address;
  }

  /**
   * @return false where there is too little left, or the request is over
   */
  synchronized boolean take(long bytes) {
    if (closed || !inFlight.reserve(address, bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  /** Gives back a part of what was taken. */
  synchronized void give(long bytes) {
    if (!closed) {
      held -= bytes;
      inFlight.release(address, bytes);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      inFlight.release(address, held);
    }
  }
}
