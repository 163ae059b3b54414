package dev.floe.launcher.binding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How bindings are asked for. */
@ConfigMapping(prefix = "floe.launcher.binding")
public interface BindingConfig {
  /** How long an answer of platform-manager is taken as current. */
  @WithDefault("PT3S")
  Duration freshFor();

  /** Longest time to wait for an answer before what was known last is used. */
  @WithDefault("PT5S")
  Duration timeout();

  /** Platforms and domains that are remembered in memory at once. */
  @WithDefault("1000")
  int remembered();
}
