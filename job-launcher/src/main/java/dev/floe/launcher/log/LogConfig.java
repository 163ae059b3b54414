package dev.floe.launcher.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How logs are captured. */
@ConfigMapping(prefix = "floe.launcher.log")
public interface LogConfig {
  /**
   * Bytes of log kept of one attempt. Of a longer log the first and the last part are kept; a line
   * between them says how many bytes are left out.
   */
  @WithDefault("10M")
  MemorySize maxBytes();

  /**
   * How much of it is for the last part, half at most. It is held in memory while an attempt with
   * such a long log runs, and can be read when the attempt has ended.
   */
  @WithDefault("256K")
  MemorySize tailBytes();

  /** Largest piece that is stored at once, before compression. */
  @WithDefault("256K")
  MemorySize chunk();

  /**
   * How long the end of an attempt waits for the database to take the rest of its log, for example
   * while its disk is full. Afterwards the end is recorded, and the attempt says that a part of its
   * log is missing.
   */
  @WithDefault("PT15M")
  Duration storeTimeout();

  /** Least time between two pieces of a log that is written slowly. */
  @WithDefault("PT0.3S")
  Duration flushEvery();
}
