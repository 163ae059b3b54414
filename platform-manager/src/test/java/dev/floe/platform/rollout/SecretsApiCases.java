package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.local.secret.SecretFiles;
import dev.floe.platform.LocalHome;
import dev.floe.platform.manifest.SecretCanaries;
import dev.floe.test.EmbeddedPostgresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Secrets in manifests reach Secrets alone: not the database, the plan, a diff, a log, an event.
 */
abstract class SecretsApiCases {
  private final String name = "s-" + UUID.randomUUID().toString().substring(0, 8);
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Handler listener = new Listener(log);

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(listener);
  }

  @AfterEach
  void stopListening() {
    Logger.getLogger("").removeHandler(listener);
  }

  @Test
  void aSecretAnywhereReachesItsSecretAlone() throws IOException, SQLException {
    // Given
    var manifest = head() + SecretCanaries.everywhere();
    var withCompute =
        manifest.replace(
            "  telemetry_backend:", "  compute: {type: postgresql}\n  telemetry_backend:");
    // When
    var diff = api().body(withCompute).post("/platforms/" + name + "/diff").then().statusCode(200);
    var rendered =
        api()
            .body(withCompute)
            .accept("application/yaml")
            .post("/platforms/" + name + "/render")
            .then()
            .statusCode(200);
    var release = deploy(name, manifest);
    // Then
    assertThat(release.getString("state")).isEqualTo("DEPLOYED");
    var seen =
        Map.of(
            "diff", diff.extract().asString(),
            "render", rendered.extract().asString(),
            "release", release.prettify(),
            "releases", read("/releases", "application/json"),
            "status", read("", "application/json"),
            "events", read("/releases/1/events", "text/event-stream"),
            "database", EmbeddedPostgresResource.dump(),
            "log", logged());
    assertThat(seen)
        .allSatisfy((where, text) -> {
          assertThat(text).isNotEmpty();
          assertThat(SecretCanaries.in(text)).as(where).isEmpty();
        });
    assertThat(seen.get("database")).contains("inline-catalog", "secretRef", name);
    assertThat(SecretFiles.at(LocalHome.home()).find("floe-" + name, "inline-catalog"))
        .hasValueSatisfying(values -> assertThat(values).hasSizeGreaterThan(10));
  }

  @Test
  void aRefusedSecretIsRepeatedNowhere() throws IOException, SQLException {
    for (var section : SecretCanaries.nowhere()) {
      if (section.startsWith("metadata")) {
        continue;
      }
      // When
      var answer =
          api()
              .body(head() + section + (section.startsWith("plugins") ? "\n" : "\nplugins: {}\n"))
              .put("/platforms/" + name)
              .then()
              .statusCode(400)
              .extract()
              .asString();
      // Then
      assertThat(SecretCanaries.in(answer)).as(section).isEmpty();
    }
    assertThat(SecretCanaries.in(EmbeddedPostgresResource.dump())).isEmpty();
    assertThat(SecretCanaries.in(logged())).isEmpty();
  }

  private String head() {
    return "apiVersion: floe.dev/v1\nkind: Manifest\nmetadata: {name: %s, version: 1.0.0}\n"
        .formatted(name);
  }

  private String read(String path, String accepted) {
    return api()
        .accept(accepted)
        .get("/platforms/" + name + path)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  /** What was logged: in this JVM, and by the packaged application. */
  private String logged() throws IOException {
    var file = Path.of("target/quarkus.log");
    return "log:" + log + (Files.exists(file) ? Files.readString(file) : "");
  }

  /** Keeps what is logged in this JVM. */
  private static final class Listener extends Handler {
    private final Queue<String> log;

    Listener(Queue<String> log) {
      this.log = log;
    }

    @Override
    public void publish(LogRecord line) {
      log.add(String.valueOf(line.getMessage()));
      if (line.getParameters() != null) {
        for (var parameter : line.getParameters()) {
          log.add(String.valueOf(parameter));
        }
      }
      if (line.getThrown() != null) {
        log.add(line.getThrown().toString());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
