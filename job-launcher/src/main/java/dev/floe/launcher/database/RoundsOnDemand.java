package dev.floe.launcher.database;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a round on a virtual thread whenever asked, one at a time: asked during a round, another
 * follows. Whatever ends a thread, the next call starts another.
 */
public final class RoundsOnDemand {
  private final String thread;
  private final Runnable round;
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * @param thread name of the thread that runs the rounds
   */
  public RoundsOnDemand(String thread, Runnable round) {
    this.thread = thread;
    this.round = round;
  }

  /** A round begins after this call; does not wait for it. */
  public void ask() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    boolean started = false;
    try {
      Thread.ofVirtual().name(thread).start(this::rounds);
      started = true;
    } finally {
      if (!started) {
        asked.set(0);
      }
    }
  }

  private void rounds() {
    boolean over = false;
    try {
      int seen;
      do {
        seen = asked.get();
        round.run();
      } while (!asked.compareAndSet(seen, 0));
      over = true;
    } finally {
      if (!over) {
        asked.set(0);
      }
    }
  }
}
