package dev.floe.cli.demo;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.local.image.ImageDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The example data product in the source tree, and what its names mean.
 *
 * @param checkout the source tree
 */
record WeatherExample(Path checkout) {
  static final String PLATFORM = "weather";
  static final String DOMAIN = "weather";
  static final String JOB = "weather_pipeline";
  static final String BROKEN_JOB = "weather_pipeline_broken";

  WeatherExample {
    if (!Files.isDirectory(checkout.resolve("examples/weather"))) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is no examples/weather in %s.".formatted(checkout),
          "run ./floe demo in floe's source tree");
    }
  }

  Path manifest() {
    return product().resolve("platform.yaml");
  }

  /** What the jobs run on. */
  Path requirements() {
    return product().resolve("requirements.lock");
  }

  /** What Dagster runs on. */
  Path dagsterRequirements() {
    return checkout.resolve(
        "platform-manager/src/main/resources/blueprints/dagster/requirements.lock");
  }

  /** The images that the manifest and the pipeline name. */
  List<ImageDefinition> images() {
    var clients = checkout.resolve("clients/python");
    var orchestration = product().resolve("orchestration");
    return List.of(
        new ImageDefinition(
            "floe.local/weather:1", product(), Optional.of(requirements()), List.of()),
        new ImageDefinition(
            "floe.local/weather-orchestration:1",
            orchestration,
            Optional.of(dagsterRequirements()),
            List.of(
                clients.resolve("floe-client/src"),
                clients.resolve("floe-dagster/src"),
                orchestration)));
  }

  private Path product() {
    return checkout.resolve("examples/weather");
  }
}
