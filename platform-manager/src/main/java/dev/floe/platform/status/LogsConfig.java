package dev.floe.platform.status;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of {@code floe platform logs}. */
@ConfigMapping(prefix = "floe.platform.logs")
public interface LogsConfig {
  /** Readers of components' logs that one replica serves at once; further ones get a 503. */
  @WithDefault("64")
  int maxReaders();

  /** Maximum number of bytes of each workload's log that are read when it is not followed. */
  @WithDefault("8388608")
  int maxBytes();

  /** How long a reader may take nothing before it is dropped. */
  @WithDefault("PT2M")
  Duration stallTimeout();

  /**
   * Longest silence of a followed log before an empty line is sent. It keeps the connection open
   * and shows whether the reader is still there.
   */
  @WithDefault("PT30S")
  Duration heartbeat();
}
