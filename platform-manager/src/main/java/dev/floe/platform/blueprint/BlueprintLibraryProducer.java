package dev.floe.platform.blueprint;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** Reads the library once, at the start. */
@Singleton
class BlueprintLibraryProducer {
  @Produces
  @Singleton
  @Startup
  BlueprintLibrary library(BlueprintConfig config) {
    try {
      return config
          .blueprints()
          .map(folder -> BlueprintLibrary.load(BlueprintFolder.read(folder)))
          .orElseGet(BlueprintLibrary::load);
    } catch (BlueprintException e) {
      // Quarkus ends the start with these words, without the stack
      throw new ConfigurationException(
          "floe.platform.blueprints: wrong blueprints\n" + e.getMessage(),
          Set.of("floe.platform.blueprints"));
    }
  }
}
