package dev.floe.launcher.queue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of what waits and of what runs at once. */
@ConfigMapping(prefix = "floe.launcher.queue")
public interface QueueConfig {
  /** Attempts that may be on their way or running at once, over all replicas. */
  @WithDefault("200")
  long maxActive();

  /** Runs looked at in one transaction; larger looks fewer times but holds locks longer. */
  @WithDefault("50")
  int batchSize();

  /** How long a look is honoured before another replica may look, by the database's clock. */
  @WithDefault("PT30S")
  Duration look();

  /** How often runs that are due are looked for without being told to. */
  @WithDefault("PT1S")
  Duration every();

  /** Longest pause between two looks at a run that waits for its platform. */
  @WithDefault("PT10S")
  Duration longestHold();

  /**
   * How long a run waits for a platform or domain that platform-manager does not know before it
   * ends, by the database's clock: time to deploy the platform again.
   */
  @WithDefault("PT10M")
  Duration unknownPlatform();

  /** Runs whose own time is over that are looked up at once. */
  @WithDefault("100")
  int timeoutBatch();
}
