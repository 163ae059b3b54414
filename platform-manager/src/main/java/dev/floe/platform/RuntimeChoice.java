package dev.floe.platform;

import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.kubernetes.KubernetesPlatformRuntime;
import dev.floe.platform.runtime.local.LocalPlatformRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Picks the runtime that {@code floe.runtime} names. */
final class RuntimeChoice {
  private RuntimeChoice() {}

  @Produces
  @ApplicationScoped
  static PlatformRuntime runtime(
      @ConfigProperty(name = "floe.runtime") String name,
      Instance<KubernetesPlatformRuntime> kubernetes,
      Instance<LocalPlatformRuntime> local) {
    return switch (name) {
      case KubernetesPlatformRuntime.NAME -> kubernetes.get();
      case LocalPlatformRuntime.NAME -> local.get();
      default ->
          throw new IllegalStateException(
              "floe.runtime is '%s'; set FLOE_RUNTIME to kubernetes or local".formatted(name));
    };
  }
}
