package dev.floe.launcher.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long things are kept, counted from their end by the database's clock. */
@ConfigMapping(prefix = "floe.launcher.retention")
public interface RetentionConfig {
  /** How long an ended attempt's Job, with its pod or folder, stays in the runtime. */
  @WithDefault("PT1H")
  Duration objects();

  /** How long logs are kept. */
  @WithDefault("P14D")
  Duration logs();

  /** How long runs are kept, with their attempts, events and Idempotency-Keys. */
  @WithDefault("P30D")
  Duration runs();

  /** How often it is looked at. */
  @WithDefault("PT1M")
  Duration every();

  /** Attempts or runs that are due and looked up at once; each is removed on its own. */
  @WithDefault("200")
  int batch();
}
