package dev.floe.launcher.runtime;

import dev.floe.contract.EventReason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for no call to a runtime longer than allowed: who calls gets a {@link
 * RuntimeUnavailableException} then, as for any call whose effect is not known, and decides again
 * by reading. The call itself is interrupted; what it does later is harmless, because every call is
 * fenced by a uid or an epoch.
 */
public final class BoundedRuntime implements JobRuntime {
  private static final Logger LOG = Logger.getLogger(BoundedRuntime.class);

  /** Calls that may be under way at once, those that nobody waits for any more included. */
  private static final int AT_ONCE = 1000;

  private final JobRuntime runtime;
  private final Duration longest;
  private final Duration longestCreate;
  private final Semaphore room = new Semaphore(AT_ONCE);

  /**
   * @param longest time for any call but {@link #create}
   * @param longestCreate time for {@link #create}, which may have to make an environment first
   */
  public BoundedRuntime(JobRuntime runtime, Duration longest, Duration longestCreate) {
    this.runtime = runtime;
    this.longest = longest;
    this.longestCreate = longestCreate;
  }

  @Override
  public String name() {
    return runtime.name();
  }

  @Override
  public void listen(Listener listener) {
    runtime.listen(listener);
  }

  @Override
  public void watch(String namespace) {
    run("watch " + namespace, () -> runtime.watch(namespace));
  }

  @Override
  public String create(AttemptSpec spec) {
    return call("create " + spec.ref().name(), longestCreate, () -> runtime.create(spec), _ -> {});
  }

  @Override
  public void release(AttemptRef attempt, String uid) {
    run("release " + attempt.name(), () -> runtime.release(attempt, uid));
  }

  @Override
  public Observation observe(AttemptRef attempt) {
    return call("observe " + attempt.name(), longest, () -> runtime.observe(attempt), _ -> {});
  }

  @Override
  public void stop(AttemptRef attempt, Duration grace) {
    run("stop " + attempt.name(), () -> runtime.stop(attempt, grace));
  }

  @Override
  public void delete(AttemptRef attempt, String uid) {
    run("delete " + attempt.name(), () -> runtime.delete(attempt, uid));
  }

  /** Only opening the log is bounded: a followed log may be silent as long as its attempt is. */
  @Override
  public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
    return call(
        "log " + attempt.name(),
        longest,
        () -> runtime.log(attempt, from, follow),
        late -> late.ifPresent(BoundedRuntime::close));
  }

  @Override
  public Optional<AttemptLog> logEnd(AttemptRef attempt, LogPosition from, int lines) {
    return call(
        "last lines of " + attempt.name(),
        longest,
        () -> runtime.logEnd(attempt, from, lines),
        late -> late.ifPresent(BoundedRuntime::close));
  }

  @Override
  public void announce(AttemptRef attempt, String uid, EventReason reason, String note) {
    runtime.announce(attempt, uid, reason, note);
  }

  private void run(String what, Runnable call) {
    call(
        what,
        longest,
        () -> {
          call.run();
          return what;
        },
        _ -> {});
  }

  /**
   * @param late takes an answer that nobody waits for any more
   */
  private <T> T call(String what, Duration limit, Supplier<T> call, Consumer<T> late) {
    if (!room.tryAcquire()) {
      throw unavailable("too many calls have none; " + what + " waits");
    }
    var answer = new CompletableFuture<T>();
    var caller =
        Thread.ofVirtual()
            .name(what)
            .start(() -> {
              try {
                T value = call.get();
                if (!answer.complete(value)) {
                  late.accept(value);
                }
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              } finally {
                room.release();
              }
            });
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (TimeoutException e) {
      return giveUp(answer, caller, unavailable(what + " had no answer within " + limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return giveUp(answer, caller, unavailable(what + " was interrupted"));
    }
  }

  private static <T> T giveUp(
      CompletableFuture<T> answer, Thread caller, RuntimeUnavailableException failure) {
    if (answer.completeExceptionally(failure)) {
      caller.interrupt();
      throw failure;
    }
    try {
      return answer.join(); // it came just now
    } catch (java.util.concurrent.CompletionException e) {
      throw cause(e);
    }
  }

  private static RuntimeException cause(Exception e) {
    @Nullable Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }

  private static RuntimeUnavailableException unavailable(String why) {
    var message = "The runtime does not answer: " + why;
    return new RuntimeUnavailableException(message, new TimeoutException(message));
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debugf("a log that nobody waits for: %s", e.getMessage());
    }
  }
}
