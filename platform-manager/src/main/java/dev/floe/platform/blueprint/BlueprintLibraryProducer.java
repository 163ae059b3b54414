package dev.floe.platform.blueprint;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Reads the library once, at the start. */
@Singleton
class BlueprintLibraryProducer {
  @Produces
  @Singleton
  @Startup
  BlueprintLibrary library(BlueprintConfig config) {
    return config
        .blueprints()
        .map(folder -> BlueprintLibrary.load(BlueprintFolder.read(folder)))
        .orElseGet(BlueprintLibrary::load);
  }
}
