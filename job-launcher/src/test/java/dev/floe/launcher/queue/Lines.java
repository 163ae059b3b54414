package dev.floe.launcher.queue;

import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.JobRuntime;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines between which a replica may die: before and after each call to the database or to the
 * runtime. From the chosen line on nothing the replica does has an effect any more.
 */
final class Lines {
  /** The replica is dead. */
  static final class Dead extends Error {
    private static final long serialVersionUID = 1L;

    private Dead() {
      super("dead", null, false, false);
    }
  }

  private final AtomicInteger passed = new AtomicInteger();
  private final int last;
  private final @Nullable CountDownLatch awake;
  private volatile boolean paused;

  private Lines(int last, @Nullable CountDownLatch awake) {
    this.last = last;
    this.awake = awake;
  }

  /** A replica that dies at a line, counted from 0. */
  static Lines dyingAt(int line) {
    return new Lines(line, null);
  }

  static Lines immortal() {
    return new Lines(Integer.MAX_VALUE, null);
  }

  /** A replica that stands still at a line until it is woken. */
  static Lines pausingAt(int line, CountDownLatch awake) {
    return new Lines(line, awake);
  }

  boolean paused() {
    return paused;
  }

  /** Whether it stands still now. */
  boolean frozen() {
    return paused && awake != null && awake.getCount() > 0;
  }

  int passed() {
    return passed.get();
  }

  boolean dead() {
    return awake == null && passed.get() > last;
  }

  private void line() {
    int line = passed.getAndIncrement();
    if (awake == null && line >= last) {
      throw new Dead();
    }
    if (awake != null && line == last) {
      paused = true;
      try {
        awake.await();
      } catch (InterruptedException e) {
        throw new Dead();
      }
    }
  }

  Transactions around(Transactions transactions) {
    return new Transactions(Duration.ofSeconds(60)) {
      @Override
      public <T> T call(Supplier<Uni<T>> work) {
        line();
        T answer = transactions.call(work);
        line();
        return answer;
      }
    };
  }

  JobRuntime around(JobRuntime runtime) {
    return (JobRuntime)
        Proxy.newProxyInstance(
            Lines.class.getClassLoader(),
            new Class<?>[] {JobRuntime.class},
            (proxy, method, args) -> {
              line();
              try {
                var answer = method.invoke(runtime, args);
                line();
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
