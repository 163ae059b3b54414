package dev.floe.launcher.runtime.selection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a runtime may take to answer. */
@ConfigMapping(prefix = "floe.launcher.runtime")
public interface RuntimeConfig {
  /**
   * How long one call to Kubernetes or to this machine may take. Afterwards nobody waits for it any
   * more, whether it had an effect is found out by looking, and it is made again if need be.
   */
  @WithDefault("PT60S")
  Duration callTimeout();

  /**
   * The same for making an attempt's object: on one machine it includes making the Python
   * environment of an image that is new.
   */
  @WithDefault("PT10M")
  Duration createTimeout();
}
