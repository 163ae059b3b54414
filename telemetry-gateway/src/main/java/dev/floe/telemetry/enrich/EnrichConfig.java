package dev.floe.telemetry.enrich;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How senders are found out. */
@ConfigMapping(prefix = "floe.telemetry.enrich")
public interface EnrichConfig {
  /** How long a request waits for a pod that is not known yet; it continues without afterwards. */
  @WithDefault("PT1S")
  Duration maxWait();

  /**
   * Requests that may wait for pods at once, a quarter of them from one address; further ones
   * continue without.
   */
  @WithDefault("256")
  int maxWaiting();

  /**
   * How long a deleted pod is remembered by its uid and its name: its last telemetry comes after it
   * is gone. Its address names it no longer.
   */
  @WithDefault("PT15M")
  Duration rememberDeleted();

  /** Deleted pods that are remembered; the oldest are forgotten first. */
  @WithDefault("10000")
  int maxDeleted();
}
