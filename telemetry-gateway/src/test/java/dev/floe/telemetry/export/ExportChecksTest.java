package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.wire.Signal;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Destinations that are unsafe or wrong are named before anything is sent, each with the key to
 * change.
 */
class ExportChecksTest {
  private static final String KEY = "floe.telemetry.export.destinations.main";

  @TempDir Path folder;

  @Test
  void takesWhatIsSafe() throws Exception {
    assertThat(findings(Map.of(".endpoint", "https://otlp.example.com/base"))).isEmpty();
    assertThat(
            findings(
                Map.of(".endpoint", "http://127.0.0.1:4318", ".headers-file", headers("x-a=1"))))
        .isEmpty();
  }

  @Test
  void secretsDoNotGoOverPlainText() throws Exception {
    // Given
    var config = Map.of(".endpoint", "http://backend:4318", ".headers-file", headers("x-a=1"));
    // When, then
    assertThat(findings(config))
        .singleElement()
        .asString()
        .contains("use https, or set " + KEY + ".plaintext=true");
    var allowed = new HashMap<>(config);
    allowed.put(".plaintext", "true");
    assertThat(findings(allowed)).isEmpty();
  }

  @Test
  void aHeadersFileThatIsWrongIsNamedWithItsLine() throws Exception {
    // Given
    var file = headers("x-a=1\ns3cret\n");
    // When, then
    assertThat(findings(Map.of(".endpoint", "https://backend", ".headers-file", file)))
        .containsExactly(KEY + ".headers-file: " + file + ", line 2: write name=value");
    assertThat(findings(Map.of(".endpoint", "https://backend", ".headers-file", file + "-none")))
        .singleElement()
        .asString()
        .contains(KEY + ".headers-file: cannot read");
    assertThat(findings(Map.of(".endpoint", "https://backend", ".headers.x-a", "a\nb")))
        .singleElement()
        .asString()
        .contains("no header may hold");
  }

  private String headers(String text) throws IOException {
    return Files.writeString(folder.resolve("headers"), text).toString();
  }

  @Test
  void secretsDoNotStandInConfiguration() {
    assertThat(
            findings(
                Map.of(
                    ".endpoint", "https://user:pw@backend:4318",
                    ".headers.Authorization", "Bearer x")))
        .hasSize(2)
        .allMatch(finding -> finding.contains(KEY + ".headers-file"));
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    assertThat(
            findings(
                Map.of(
                    ".endpoint", "http://backend",
                    ".protocol", "zipkin",
                    ".connections", "0",
                    ".batch-bytes", "1",
                    ".queue-bytes", "1")))
        .hasSize(4);
    assertThat(findings(Map.of(".endpoint", "backend:4318")))
        .singleElement()
        .asString()
        .contains("write http://host:port");
  }

  @Test
  void destinationsCanBeConfiguredByEnvironment() {
    // Given
    var environment =
        Map.of(
            "FLOE_TELEMETRY_EXPORT_DESTINATIONS__ARCHIVE__ENDPOINT", "http://127.0.0.1:1",
            "FLOE_TELEMETRY_EXPORT_DESTINATIONS__ARCHIVE__SIGNALS", "traces",
            "FLOE_TELEMETRY_EXPORT_DESTINATIONS__ARCHIVE__QUEUE_BYTES", "5M");
    // When
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(ExportConfig.class)
            .withSources(new EnvConfigSource(environment, 300))
            .build()
            .getConfigMapping(ExportConfig.class);
    // Then
    assertThat(config.destinations()).containsOnlyKeys("archive");
    var archive = Objects.requireNonNull(config.destinations().get("archive"));
    assertThat(archive.signals()).containsExactly(Signal.TRACES);
    assertThat(archive.queueBytes().asLongValue()).isEqualTo(5L * 1024 * 1024);
  }

  private static List<String> findings(Map<String, String> destination) {
    var properties = new HashMap<String, String>();
    destination.forEach((key, value) -> properties.put(KEY + key, value));
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(ExportConfig.class)
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .build()
            .getConfigMapping(ExportConfig.class);
    return new ExportChecks(config).findings();
  }
}
