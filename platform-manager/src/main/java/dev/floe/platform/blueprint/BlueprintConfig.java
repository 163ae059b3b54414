package dev.floe.platform.blueprint;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Blueprints besides those that floe comes with. */
@ConfigMapping(prefix = "floe.platform")
public interface BlueprintConfig {
  /**
   * Folder with blueprints of your own, a folder for each system; read at the start, which fails
   * when one of them is wrong.
   */
  Optional<Path> blueprints();
}
