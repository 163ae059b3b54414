package dev.floe.telemetry.enrich;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Requests that wait until the watch of pods delivers the pods they name.
 *
 * <p>Event loops call {@link #isWorthwhile} and {@link #enter}, which take no lock. {@link #await}
 * blocks and belongs on a thread of its own. {@link #arrived} wakes such threads after it has left
 * the lock, so that the watch never runs what follows the wait. The number of waiting requests is
 * bounded, in all and per sender.
 */
final class PodWaits {
  /** How long a pod that did not appear is not waited for again. */
  private static final long MISSED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MAX_MISSED = 10_000;

  /** One sender takes this part of all places at most. */
  private static final int SENDER_SHARE = 4;

  private final int maxWaiting;
  private final int maxPerSender;
  private final LongSupplier nanoTime;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<String, Integer> perSender = new ConcurrentHashMap<>();
  private final Map<String, Long> missed = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<CountDownLatch>> waiters = new HashMap<>();
  private final ArrayDeque<Miss> misses = new ArrayDeque<>();

  private record Miss(String key, Long at) {}

  PodWaits(int maxWaiting, LongSupplier nanoTime) {
    this.maxWaiting = maxWaiting;
    this.maxPerSender = Math.max(1, maxWaiting / SENDER_SHARE);
    this.nanoTime = nanoTime;
  }

  /**
   * @return whether one of the pods may still appear: none of them is waited for again soon after
   *     it did not
   */
  boolean isWorthwhile(Collection<String> keys) {
    long now = nanoTime.getAsLong();
    for (var key : keys) {
      if (!missedLately(key, now)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a place among those who wait; {@link #leave} gives it back.
   *
   * @return false where the sender, or all senders together, have taken all of theirs
   */
  boolean enter(String sender) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return false;
    }
    if (perSender.merge(sender, 1, Integer::sum) > maxPerSender) {
      leave(sender);
      return false;
    }
    return true;
  }

  void leave(String sender) {
    perSender.computeIfPresent(sender, (name, count) -> count == 1 ? null : count - 1);
    waiting.decrementAndGet();
  }

  /**
   * Blocks until all the pods are known, and notes those that do not appear in time.
   *
   * @param known whether a pod is known; looked at again after the request is registered, so that
   *     none is missed in between
   */
  void await(Collection<String> keys, Predicate<String> known, Duration bound)
      throws InterruptedException {
    var wanted = new ArrayList<String>();
    CountDownLatch latch;
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      for (var key : keys) {
        if (!known.test(key) && !missedLately(key, now)) {
          wanted.add(key);
        }
      }
      latch = new CountDownLatch(wanted.size());
      for (var key : wanted) {
        waiters.computeIfAbsent(key, absent -> new ArrayList<>()).add(latch);
      }
    } finally {
      lock.unlock();
    }
    boolean all = false;
    try {
      all = latch.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!all) {
        giveUp(latch, wanted);
      }
    }
  }

  /** Pods are known now; call this after they can be found. */
  void arrived(Collection<String> keys) {
    var woken = new ArrayList<CountDownLatch>();
    lock.lock();
    try {
      for (var key : keys) {
        missed.remove(key);
        var latches = waiters.remove(key);
        if (latches != null) {
          woken.addAll(latches);
        }
      }
    } finally {
      lock.unlock();
    }
    woken.forEach(CountDownLatch::countDown);
  }

  /**
   * @return requests that wait now
   */
  int size() {
    return waiting.get();
  }

  private void giveUp(CountDownLatch latch, List<String> keys) {
    lock.lock();
    try {
      Long now = nanoTime.getAsLong();
      for (var key : keys) {
        var latches = waiters.get(key);
        if (latches != null && latches.remove(latch)) {
          missed.put(key, now);
          misses.add(new Miss(key, now));
          if (latches.isEmpty()) {
            waiters.remove(key);
          }
        }
      }
      while (misses.size() > MAX_MISSED) {
        var oldest = misses.remove();
        missed.remove(oldest.key(), oldest.at());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean missedLately(String key, long now) {
    var at = missed.get(key);
    return at != null && now - at < MISSED_NANOS;
  }
}
