package dev.floe.telemetry.thread;

import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A virtual thread whose loop continues after any failure, an {@code Error} included.
 *
 * <p>It ends when its loop returns or when it is interrupted. After a failure it pauses, from 0.1 s
 * up to 30 s, and begins the loop anew. The first failure in a row is logged with its stack trace,
 * the following ones are reported to the owner alone.
 */
public final class SupervisedThread {
  private static final Logger LOG = Logger.getLogger(SupervisedThread.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private SupervisedThread() {}

  /** What the thread does; returns when there is nothing left to do. */
  @FunctionalInterface
  public interface Loop {
    /** Runs until the work is over. */
    void run() throws Exception;
  }

  /**
   * Starts a thread.
   *
   * @param onFailure is told of each failure, before the pause
   */
  public static Thread start(String name, Loop loop, Consumer<Throwable> onFailure) {
    return Thread.ofVirtual().name(name).start(() -> supervise(name, loop, onFailure));
  }

  private static void supervise(String name, Loop loop, Consumer<Throwable> onFailure) {
    var pause = FIRST_PAUSE;
    boolean logged = false;
    try {
      while (true) {
        long began = System.nanoTime();
        try {
          loop.run();
          return;
        } catch (InterruptedException ended) {
          throw ended;
        } catch (Throwable failure) {
          if (System.nanoTime() - began > LONGEST_PAUSE.toNanos()) {
            pause = FIRST_PAUSE;
            logged = false;
          }
          report(name, failure, onFailure, logged);
          logged = true;
        }
        Thread.sleep(pause);
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(
      String name, Throwable failure, Consumer<Throwable> onFailure, boolean logged) {
    try {
      if (!logged) {
        LOG.errorf(failure, "%s failed in an unexpected way and begins anew", name);
      }
      onFailure.accept(failure);
    } catch (Throwable whileReporting) {
      // Out of memory, most likely: that the loop continues matters more than the words about it.
      failure.addSuppressed(whileReporting);
    }
  }
}
