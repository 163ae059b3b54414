package dev.floe.platform.runtime.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Calls of the API server side by side, a few at a time. */
final class SeveralCalls {
  /** How many of one caller's calls are under way at once. */
  private static final int AT_ONCE = 8;

  private SeveralCalls() {}

  /**
   * Makes all calls and waits for them.
   *
   * @return the answers in the order of the calls
   * @throws RuntimeException that the first failed call in that order threw
   */
  static <T> List<T> all(List<Supplier<T>> calls) {
    if (calls.size() == 1) {
      return List.of(calls.getFirst().get());
    }
    var free = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<T>>();
      for (var call : calls) {
        futures.add(threads.submit(limited(call, free)));
      }
      return answers(futures, threads);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What has not begun when one fails is left out. */
  private static <T> List<T> answers(List<Future<T>> futures, ExecutorService threads)
      throws InterruptedException, ExecutionException {
    boolean complete = false;
    try {
      var answers = new ArrayList<T>();
      for (var future : futures) {
        answers.add(future.get());
      }
      complete = true;
      return answers;
    } finally {
      if (!complete) {
        threads.shutdownNow();
      }
    }
  }

  private static <T> Callable<T> limited(Supplier<T> call, Semaphore free) {
    return () -> {
      free.acquire();
      try {
        return call.get();
      } finally {
        free.release();
      }
    };
  }
}
