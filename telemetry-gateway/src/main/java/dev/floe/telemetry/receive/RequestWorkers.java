package dev.floe.telemetry.receive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works on requests beside the event loops: a fixed number at once, a bounded number waiting.
 *
 * <p>Waiting requests take turns, first by the address they came from, then by the connection, so
 * that one sender of expensive requests delays the others by one of its requests, not by all. A
 * task that fails, with an {@link Error} too, is logged and ends neither its worker nor the others.
 */
final class RequestWorkers {
  private static final Logger LOG = Logger.getLogger(RequestWorkers.class);

  private final int maxWaiting;
  private final List<Thread> threads = new ArrayList<>();

  /** Tasks by connection by address; whose turn is next stands first. */
  private final Map<Object, Map<Object, Deque<Runnable>>> waiting = new LinkedHashMap<>();

  private int count;
  private boolean stopped;

  /**
   * @param workers tasks that are worked on at once
   * @param maxWaiting tasks that may wait
   */
  RequestWorkers(int workers, int maxWaiting) {
    this.maxWaiting = maxWaiting;
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
   * @return false where too many wait already, or after {@link #stop}
   */
  synchronized boolean submit(Object address, Object connection, Runnable task) {
    if (stopped || count >= maxWaiting) {
      return false;
    }
    waiting
        .computeIfAbsent(address, key -> new LinkedHashMap<>())
        .computeIfAbsent(connection, key -> new ArrayDeque<>(2))
        .add(task);
    count++;
    notify();
    return true;
  }

  /**
   * @return runs what cannot be refused any more, in the calling thread where nobody else can
   */
  Executor executor(Object address, Object connection) {
    return task -> {
      if (!submit(address, connection, task)) {
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
      LOG.error("A request could not be worked on", failure);
    } catch (Throwable worse) {
      // Too little memory even to say so; the worker goes on.
    }
  }

  private synchronized @Nullable Runnable next() {
    while (count == 0) {
      if (stopped) {
        return null;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts workers; they end with stop().
        LOG.debug("A worker was interrupted", e);
      }
    }
    count--;
    var addresses = waiting.entrySet().iterator();
    var byAddress = addresses.next();
    addresses.remove();
    var connections = byAddress.getValue().entrySet().iterator();
    var byConnection = connections.next();
    connections.remove();
    var task = byConnection.getValue().remove();
    // Whoever has more to be done queues up again behind the others.
    if (!byConnection.getValue().isEmpty()) {
      byAddress.getValue().put(byConnection.getKey(), byConnection.getValue());
    }
    if (!byAddress.getValue().isEmpty()) {
      waiting.put(byAddress.getKey(), byAddress.getValue());
    }
    return task;
  }
}
