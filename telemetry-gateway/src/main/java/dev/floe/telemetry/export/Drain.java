package dev.floe.telemetry.export;

import dev.floe.telemetry.ledger.DropReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The end of a destination: until then it pauses between tries, afterwards it hurries. */
final class Drain {
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong lost = new AtomicLong();
  private volatile long until;

  /**
   * Begins the end.
   *
   * @param bound how long sending may continue
   */
  void begin(Duration bound) {
    until = System.nanoTime() + bound.toNanos();
    closing.countDown();
  }

  boolean hasBegun() {
    return closing.getCount() == 0;
  }

  /**
   * @return whether the time to send is over
   */
  boolean isOver() {
    return hasBegun() && leftNanos() <= 0;
  }

  /**
   * @return time left to send; not positive when it is over
   */
  Duration left() {
    return Duration.ofNanos(leftNanos());
  }

  /**
   * @return a timeout that does not go far beyond the end
   */
  Duration shorten(Duration timeout) {
    if (!hasBegun()) {
      return timeout;
    }
    var rest = Duration.ofNanos(Math.max(1_000_000, leftNanos()));
    return rest.compareTo(timeout) < 0 ? rest : timeout;
  }

  /**
   * Waits between two tries; shortly where the end has begun.
   *
   * @return whether the wait was cut short by the end
   */
  boolean pause(Duration length) throws InterruptedException {
    if (!closing.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    // The time left is better spent trying than waiting.
    Thread.sleep(Math.clamp(leftNanos() / 10_000_000, 1, 500));
    return true;
  }

  /** Notes items that were lost at the end. */
  void dropped(DropReason reason, List<Chunk> chunks) {
    if (reason == DropReason.SHUTDOWN) {
      lost.addAndGet(chunks.stream().mapToLong(Chunk::items).sum());
    }
  }

  /**
   * @return items that were lost at the end
   */
  long lost() {
    return lost.get();
  }

  private long leftNanos() {
    return until - System.nanoTime();
  }
}
