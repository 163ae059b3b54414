package dev.floe.launcher.runtime.selection;

import dev.floe.launcher.runtime.BoundedRuntime;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.kubernetes.KubernetesRuntimes;
import dev.floe.launcher.runtime.local.LocalJobRuntime;
import dev.floe.local.home.FloeHome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the one runtime that {@code floe.runtime} names; both are part of every executable. */
@ApplicationScoped
class RuntimeSelection {

  @Produces
  @Singleton
  JobRuntime runtime(
      @ConfigProperty(name = "floe.runtime", defaultValue = "kubernetes") String name,
      @ConfigProperty(name = "floe.home") Optional<String> home,
      KubernetesRuntimes kubernetes,
      RuntimeConfig config) {
    var chosen =
        switch (name) {
          case "kubernetes" -> kubernetes.open();
          case "local" ->
              new LocalJobRuntime(
                  home.map(Path::of)
                      .map(FloeHome::at)
                      .orElseGet(() -> FloeHome.of(System.getenv())));
          default ->
              throw new IllegalArgumentException(
                  "floe.runtime is " + name + "; write kubernetes or local");
        };
    return new BoundedRuntime(chosen, config.callTimeout(), config.createTimeout());
  }
}
