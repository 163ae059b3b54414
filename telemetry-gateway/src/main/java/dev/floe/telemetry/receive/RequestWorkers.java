package dev.floe.telemetry.receive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Processes requests beside the event loops: a fixed number at once, a bounded number waiting.
 *
 * <p>One worker takes no heavy tasks, so that light ones never wait for heavy ones to end, and
 * waiting tasks take turns ({@link TurnQueue}), so that one sender of many delays the others
 * little. One address takes a quarter of the places to wait at most. A task that fails, with an
 * {@link Error} too, is logged and ends neither its worker nor the others.
 */
final class RequestWorkers {
  private static final Logger LOG = Logger.getLogger(RequestWorkers.class);

  /** One address may take this part of the places to wait. */
  private static final int ADDRESS_SHARE = 4;

  private final int maxWaiting;
  private final int maxPerAddress;
  private final int maxHeavy;
  private final List<Thread> threads = new ArrayList<>();
  private final TurnQueue light = new TurnQueue();
  private final TurnQueue heavy = new TurnQueue();
  private int heavyRunning;
  private boolean heavyNext;
  private boolean stopped;

  /** How long a task may take. */
  enum Weight {
    /** Milliseconds. */
    LIGHT,
    /** A good part of a second. */
    HEAVY
  }

  /**
   * @param workers tasks that are processed at once; all but one of them may be heavy
   * @param maxWaiting tasks that may wait, a quarter of them from one address
   */
  RequestWorkers(int workers, int maxWaiting) {
    this.maxWaiting = maxWaiting;
    this.maxPerAddress = Math.max(1, maxWaiting / ADDRESS_SHARE);
    this.maxHeavy = Math.max(1, workers - 1);
    for (int i = 0; i < workers; i++) {
      var thread = new Thread(this::work, "otlp-worker-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Hands over a task.
   *
   * @param address where it came from
   * @param connection on which it came
   * @return false where too many wait already, of all or from this address, or after {@link #stop}
   */
  synchronized boolean submit(Object address, Object connection, Weight weight, Runnable task) {
    if (stopped
        || light.size() + heavy.size() >= maxWaiting
        || light.size(address) + heavy.size(address) >= maxPerAddress) {
      return false;
    }
    if (weight == Weight.LIGHT) {
      light.add(address, connection, task);
    } else {
      heavy.add(
          address,
          connection,
          () -> {
            try {
              task.run();
            } finally {
              heavyEnded();
            }
          });
    }
    notify();
    return true;
  }

  /**
   * @return runs what cannot be refused any more, in the calling thread where nobody else can
   */
  Executor executor(Object address, Object connection, Weight weight) {
    return task -> {
      if (!submit(address, connection, weight, task)) {
        task.run();
      }
    };
  }

  /** Lets the workers end once nothing waits. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  private void work() {
    for (var task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable failure) {
        report(failure);
      }
    }
  }

  private static void report(Throwable failure) {
    try {
      LOG.error("A request could not be processed", failure);
    } catch (Throwable worse) {
      // Too little memory even to say so; the worker continues.
    }
  }

  private synchronized void heavyEnded() {
    heavyRunning--;
    notify();
  }

  private synchronized @Nullable Runnable next() {
    while (true) {
      var task = poll();
      if (task != null) {
        return task;
      }
      if (stopped && light.size() + heavy.size() == 0) {
        return null;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts workers; they end with stop().
        LOG.debug("A worker was interrupted", e);
      }
    }
  }

  /** Light and heavy tasks take turns where both may be run. */
  private @Nullable Runnable poll() {
    boolean heavyPossible = heavy.size() > 0 && heavyRunning < maxHeavy;
    if (heavyPossible && (heavyNext || light.size() == 0)) {
      heavyNext = false;
      heavyRunning++;
      return heavy.poll();
    }
    heavyNext = true;
    return light.poll();
  }
}
