package dev.floe.telemetry.export;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of one signal that wait for one destination. Holds what it is given; the destination
 * counts the bytes.
 */
final class Lane {
  private final long batchBytes;
  private final long delayNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  private record Waiting(Chunk chunk, long since) {}

  Lane(long batchBytes, Duration delay) {
    this.batchBytes = batchBytes;
    this.delayNanos = delay.toNanos();
  }

  /**
   * @return false where the lane was closed already
   */
  boolean put(Chunk chunk) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      boolean first = waiting.isEmpty();
      waiting.add(new Waiting(chunk, System.nanoTime()));
      bytes += chunk.bytes().length;
      if (first || bytes >= batchBytes) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a batch is full, or its oldest chunk has waited long enough.
   *
   * @return chunks of at most a batch's bytes together, one where it alone has more; null when the
   *     lane was closed and is empty
   */
  @Nullable List<Chunk> take() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        var oldest = waiting.peek();
        if (oldest == null) {
          if (closed) {
            return null;
          }
          changed.await();
          continue;
        }
        long left = delayNanos - (System.nanoTime() - oldest.since());
        if (closed || left <= 0 || bytes >= batchBytes) {
          return batch();
        }
        long _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of what waits without further delay. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Chunk> batch() {
    var batch = new ArrayList<Chunk>();
    long size = 0;
    for (var next = waiting.peek(); next != null; next = waiting.peek()) {
      int length = next.chunk().bytes().length;
      if (!batch.isEmpty() && size + length > batchBytes) {
        break;
      }
      waiting.remove();
      batch.add(next.chunk());
      size += length;
    }
    bytes -= size;
    if (!waiting.isEmpty()) {
      changed.signal();
    }
    return batch;
  }
}
