package dev.floe.platform.status;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The look at what runs. */
@ConfigMapping(prefix = "floe.platform.status")
public interface StatusConfig {
  /** How often each platform's components are looked at, and its domains' Secrets kept current. */
  @WithDefault("PT10S")
  Duration interval();

  /** How often this replica asks whether a look is due. */
  @WithDefault("PT2S")
  Duration poll();

  /** Platforms that one replica looks at in one go. */
  @WithDefault("20")
  int batch();
}
