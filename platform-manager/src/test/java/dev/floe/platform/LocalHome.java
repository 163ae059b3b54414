package dev.floe.platform;

import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.image.ImageDefinition;
import dev.floe.local.image.LocalImages;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A FLOE_HOME under target that keeps its Python environments from one build to the next. */
public final class LocalHome implements QuarkusTestResourceLifecycleManager {
  /** Local image with a small Dagster code location, module {@code orders}. */
  public static final String IMAGE = "floe.local/orders:1";

  public static final String TELEMETRY_TOKEN = "telemetry-token-of-the-tests-1";

  public static FloeHome home() {
    return FloeHome.at(Path.of("target/floe-home").toAbsolutePath());
  }

  @Override
  public Map<String, String> start() {
    var home = home();
    try {
      PrivateFiles.write(home.token(), "token-of-the-tests-0123456789\n");
      PrivateFiles.write(home.telemetryToken(), TELEMETRY_TOKEN + "\n");
      var source = Path.of("src/test/resources/code-location").toAbsolutePath();
      var lock = Path.of("src/main/resources/blueprints/dagster/requirements.lock");
      LocalImages.at(home)
          .add(new ImageDefinition(IMAGE, source, Optional.of(lock), List.of(source)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "floe.runtime", "local",
        "floe.platform.feed.heartbeat", "PT1S",
        "floe.home", home.root().toString(),
        "floe.platform.status.interval", "PT1S",
        "floe.platform.status.poll", "PT0.5S",
        "floe.platform.runtime.job-launcher-url", "http://127.0.0.1:8581",
        "floe.platform.runtime.otlp-endpoint", "http://127.0.0.1:4318",
        "floe.platform.rollout.ready-timeout", "PT4M");
  }

  @Override
  public void stop() {}
}
