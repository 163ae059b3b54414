package dev.floe.launcher.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When this service calls itself unhealthy. */
@ConfigMapping(prefix = "floe.launcher.health")
public interface HealthConfig {
  /**
   * How long a background loop (dispatching, leases, takeover, timeouts) may complete no cycle
   * before {@code /q/health/live} is down. Longer than a transaction may take.
   */
  @WithDefault("PT1M")
  Duration stalledAfter();
}
