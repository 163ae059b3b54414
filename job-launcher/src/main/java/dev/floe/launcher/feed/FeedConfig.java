package dev.floe.launcher.feed;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of those who wait for something to happen. */
@ConfigMapping(prefix = "floe.launcher.feed")
public interface FeedConfig {
  /** Calls that may wait at once (event streams, followed logs, long polls); more get a 503. */
  @WithDefault("1000")
  int maxWaiters();

  /** How often what is waited for is looked up in case a notice was lost; one query for all. */
  @WithDefault("PT5S")
  Duration lookEvery();

  /** Longest silence of an event stream before a comment keeps the connection open. */
  @WithDefault("PT15S")
  Duration heartbeat();
}
