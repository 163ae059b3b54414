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
    notifications.listen(notice -> {
      wake(notice.runId());
      if (notice.kind() != Notice.Kind.LOG) {
        wake(ALL);
      }
    });
  }

  /**
   * Begins to wait on the present Vert.x context; to be closed by the caller.
   *
   * @throws FloeException when too many wait already
   */
  public Waiter open(String runId) {
    if (count.incrementAndGet() > config.maxWaiters()) {
      count.decrementAndGet();
      throw FloeException.later(
          ProblemType.UNAVAILABLE,
          "Too many calls wait for runs already; come back later or do not wait",
          Duration.ofSeconds(5));
    }
    var context = Objects.requireNonNull(Vertx.currentContext(), "not on a Vert.x context");
    var waiter = new Waiter(runId, command -> context.runOnContext(ignored -> command.run()));
    waiting.computeIfAbsent(runId, ignored -> ConcurrentHashMap.newKeySet()).add(waiter);
    return waiter;
  }

  /** Wakes everybody who waits for this run. */
  public void wake(String runId) {
    waiting.getOrDefault(runId, Set.of()).forEach(Waiter::wake);
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
    private final Executor context;
    private boolean woken;
    private boolean closed;
    private @Nullable UniEmitter<? super Boolean> emitter;

    private Waiter(String runId, Executor context) {
      this.runId = runId;
      this.context = context;
    }

    /** Ends with true when something happened, with false after the longest time. */
    public Uni<Boolean> next(Duration longest) {
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
          return;
        }
        woken = false;
      }
      parked.complete(true);
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
