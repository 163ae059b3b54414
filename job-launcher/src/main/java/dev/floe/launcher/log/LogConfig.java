package dev.floe.launcher.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How logs are captured. */
@ConfigMapping(prefix = "floe.launcher.log")
public interface LogConfig {
  /** Bytes of log kept of one attempt; what comes after is left out and the attempt says so. */
  @WithDefault("10M")
  MemorySize maxBytes();

  /** Largest piece that is stored at once, before compression. */
  @WithDefault("256K")
  MemorySize chunk();

  /** Least time between two pieces of a log that is written slowly. */
  @WithDefault("PT0.3S")
  Duration flushEvery();
}
