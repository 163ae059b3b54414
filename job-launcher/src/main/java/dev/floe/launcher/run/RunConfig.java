package dev.floe.launcher.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is accepted. */
@ConfigMapping(prefix = "floe.launcher.run")
public interface RunConfig {
  /** Time of one attempt where the run does not say. */
  @WithDefault("PT1H")
  Duration timeout();

  /** Time of all attempts and the waiting between where the run does not say. */
  @WithDefault("PT24H")
  Duration runTimeout();

  /** Longest {@code timeout} and {@code runTimeout} that may be asked for. */
  @WithDefault("P7D")
  Duration maxTimeout();

  /** Runs that may wait at once; more get a 429. */
  @WithDefault("100000")
  long maxWaiting();
}
