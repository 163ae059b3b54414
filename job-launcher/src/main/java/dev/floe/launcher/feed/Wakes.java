package dev.floe.launcher.feed;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls that wait for something to happen to a run; bounded in number. */
@ApplicationScoped
public class Wakes {
  /** Stands for every run. */
  static final String ALL = "*";

  private final FeedConfig config;
  private final Notifications notifications;
  private final Map<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();
  private final Map<String, String> seen = new ConcurrentHashMap<>();
  private final AtomicInteger count;

  Wakes(FeedConfig config, Notifications notifications, MeterRegistry meters) {
    this.config = config;
    this.notifications = notifications;
    this.count = meters.gauge("floe.launcher.waiters", new AtomicInteger());
  }

  void start(@Observes StartupEvent event) {
    notifications.listen(this::notice);
  }

  /** Wakes those whom a notice concerns. */
  void notice(Notice notice) {
    boolean log = notice.kind() == Notice.Kind.LOG;
    wake(notice.runId(), log);
    if (!log) {
      wake(ALL);
    }
  }

  /**
   * Begins to wait on the present Vert.x context; to be closed by the caller.
   *
   * @throws FloeException when too many wait already
   */
  public Waiter open(String runId) {
    return open(runId, false);
  }

  /**
   * Like {@link #open}, and is also woken by what is written to the run's logs.
   *
   * @throws FloeException when too many wait already
   */
  public Waiter openLog(String runId) {
    return open(runId, true);
  }

  private Waiter open(String runId, boolean logs) {
    if (count.incrementAndGet() > config.maxWaiters()) {
      count.decrementAndGet();
      throw FloeException.later(
          ProblemType.UNAVAILABLE,
          "Too many calls wait for runs already; come back later or do not wait",
          Duration.ofSeconds(5));
    }
    var context = Objects.requireNonNull(Vertx.currentContext(), "not on a Vert.x context");
    var waiter = new Waiter(runId, logs, command -> context.runOnContext(ignored -> command.run()));
    // Added under the map's lock: close() removes a set that became empty under the same lock.
    waiting.compute(
        runId,
        (ignored, waiters) -> {
          Set<Waiter> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  /** Wakes everybody who waits for this run. */
  public void wake(String runId) {
    wake(runId, false);
  }

  private void wake(String runId, boolean log) {
    for (var waiter : waiting.getOrDefault(runId, Set.of())) {
      if (waiter.logs || !log) {
        waiter.wake();
      }
    }
  }

  /** Whether a notice about its run would reach this waiter. */
  boolean isWaiting(Waiter waiter) {
    return waiting.getOrDefault(waiter.runId, Set.of()).contains(waiter);
  }

  /** Runs that somebody waits for. */
  List<String> runs() {
    return List.copyOf(waiting.keySet());
  }

  /** Wakes where the position of a run differs from the one seen before. */
  void look(Map<String, String> positions) {
    seen.keySet().retainAll(waiting.keySet());
    positions.forEach((runId, position) -> {
      if (!position.equals(seen.put(runId, position))) {
        wake(runId);
      }
    });
  }

  /** One call that waits. Woken while it does not wait, its next wait ends at once. */
  public final class Waiter implements AutoCloseable {
    private final String runId;
    private final boolean logs;
    private final Executor context;
    private boolean woken;
    private boolean closed;
    private @Nullable UniEmitter<? super Boolean> emitter;

    private Waiter(String runId, boolean logs, Executor context) {
      this.runId = runId;
      this.logs = logs;
      this.context = context;
    }

    /**
     * Repeats a round until it answers, and waits in between. However often it is woken, it costs
     * no stack.
     *
     * @param round reads how things stand; not called while the one before has not ended
     */
    public <T> Uni<T> repeat(Function<Round.Cause, Uni<Round<T>>> round) {
      return Uni.createFrom()
          .emitter(answer -> new WaitLoop<T>(this, round, answer).begin(Round.Cause.FIRST));
    }

    /** Ends with true when something happened, with false after the longest time. */
    Uni<Boolean> next(Duration longest) {
      return Uni.createFrom()
          .<Boolean>emitter(this::park)
          .ifNoItem()
          .after(longest)
          .recoverWithItem(false)
          .emitOn(context);
    }

    private void park(UniEmitter<? super Boolean> parked) {
      synchronized (this) {
        if (!woken) {
          emitter = parked;
          // After a timeout nobody listens to it: the next notice must be remembered instead.
          parked.onTermination(() -> leave(parked));
          return;
        }
        woken = false;
      }
      parked.complete(true);
    }

    // Only the emitter that parked itself leaves, never an equal one.
    @SuppressWarnings("ReferenceEquality")
    private synchronized void leave(UniEmitter<? super Boolean> parked) {
      if (emitter == parked) {
        emitter = null;
      }
    }

    private void wake() {
      UniEmitter<? super Boolean> parked;
      synchronized (this) {
        parked = emitter;
        emitter = null;
        woken = parked == null;
      }
      if (parked != null) {
        parked.complete(true);
      }
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      count.decrementAndGet();
      waiting.computeIfPresent(
          runId,
          (ignored, waiters) -> {
            waiters.remove(this);
            return waiters.isEmpty() ? null : waiters;
          });
    }
  }
}
