package dev.floe.launcher.database;

import dev.floe.kit.loop.Rounds;
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
 * cycle: a database that is away is not a reason to restart.
 */
@Default
@Liveness
@ApplicationScoped
public class LoopHealth implements HealthCheck {
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

  /**
   * Rounds of a loop that is watched from now on.
   *
   * @param name the subject of what is logged, for example {@code Renewing leases}
   */
  public Rounds rounds(String name) {
    var at = new AtomicLong(nanos.getAsLong());
    last.put(name, at);
    return new Rounds(name, () -> at.set(nanos.getAsLong()));
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
