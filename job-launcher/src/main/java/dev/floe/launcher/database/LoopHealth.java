package dev.floe.launcher.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness of the loops that launch, follow and end runs: down while one of them has completed no
 * cycle for {@link HealthConfig#stalledAfter}, up again after its next one. A cycle that fails is a
 * cycle: a database that is away is no reason to restart.
 */
@Default
@Liveness
@ApplicationScoped
public class LoopHealth implements HealthCheck {
  /** One loop under watch. */
  @FunctionalInterface
  public interface Loop {
    /** A cycle, or a part of a long one, has ended. */
    void progress();
  }

  private final Duration stalledAfter;
  private final LongSupplier nanos;
  private final Map<String, AtomicLong> last = new ConcurrentHashMap<>();

  @Inject
  LoopHealth(HealthConfig config) {
    this(config.stalledAfter(), System::nanoTime);
  }

  LoopHealth(Duration stalledAfter, LongSupplier nanos) {
    this.stalledAfter = stalledAfter;
    this.nanos = nanos;
  }

  /** Watches a loop from now on. */
  public Loop watch(String name) {
    var at = new AtomicLong(nanos.getAsLong());
    last.put(name, at);
    return () -> at.set(nanos.getAsLong());
  }

  @Override
  public HealthCheckResponse call() {
    var answer = HealthCheckResponse.named("background loops").up();
    long now = nanos.getAsLong();
    last.forEach((name, at) -> {
      var silent = Duration.ofNanos(now - at.get());
      if (silent.compareTo(stalledAfter) > 0) {
        answer.down().withData(name, "no cycle ended for %d s".formatted(silent.toSeconds()));
      }
    });
    return answer.build();
  }
}
