package dev.floe.platform.rollout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How releases are rolled out. */
@ConfigMapping(prefix = "floe.platform.rollout")
public interface RolloutConfig {
  /**
   * What kind of place this is: local, dev, staging or prod. Secrets may stand in manifests in
   * local and dev only. Absent: local on one machine, prod on Kubernetes.
   */
  Optional<String> environment();

  /** How often this replica looks for releases to roll out. */
  @WithDefault("PT1S")
  Duration poll();

  /** How long a rollout may go unheard of before another replica takes it over. */
  @WithDefault("PT20S")
  Duration lease();

  /** How often this replica makes its leases last longer; well below the lease. */
  @WithDefault("PT5S")
  Duration renew();

  /** How long a component may take to become ready once it was applied. */
  @WithDefault("PT15M")
  Duration readyTimeout();

  /** Pause between two looks at a component that is not ready. */
  @WithDefault("PT1S")
  Duration look();

  /** How long a rollout waits for a runtime that cannot be reached before the release fails. */
  @WithDefault("PT10M")
  Duration unavailableTimeout();
}
