package dev.floe.platform.release;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of those who wait for a release. */
@ConfigMapping(prefix = "floe.platform.feed")
public interface FeedConfig {
  /** Calls that may wait at once (event streams, long polls); further ones get a 503. */
  @WithDefault("200")
  int maxWaiters();

  /** Longest silence of an event stream before a comment is sent. */
  @WithDefault("PT5S")
  Duration heartbeat();
}
