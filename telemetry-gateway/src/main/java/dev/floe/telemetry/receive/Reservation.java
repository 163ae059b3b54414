package dev.floe.telemetry.receive;

/**
 * What one request holds of {@link InFlight}. Closing gives everything back, once, and nothing can
 * be taken afterwards. Safe to use from several threads.
 */
final class Reservation implements AutoCloseable {
  private final InFlight inFlight;
  private long held;
  private boolean closed;

  Reservation(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /**
   * @return false where there is too little left, or the request is over
   */
  synchronized boolean take(long bytes) {
    if (closed || !inFlight.reserve(bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  /** Gives back a part of what was taken. */
  synchronized void give(long bytes) {
    if (!closed) {
      held -= bytes;
      inFlight.release(bytes);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      inFlight.release(held);
    }
  }
}
