package dev.floe.telemetry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.export.ExportConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Limits that do not go together, and circles, are named before anything is received. */
class ReceiveChecksTest {

  @Test
  void theDefaultsGoTogether() {
    assertThat(
            findings(
                Map.of(
                    "floe.telemetry.export.destinations.main.endpoint", "http://127.0.0.1:14318")))
        .isEmpty();
  }

  @Test
  void aRequestThatIsTakenFitsIntoEveryRequiredQueue() {
    assertThat(
            findings(
                Map.of(
                    "floe.telemetry.export.destinations.main.endpoint", "http://127.0.0.1:14318",
                    "floe.telemetry.export.destinations.main.queue-bytes", "20M")))
        .singleElement()
        .asString()
        .contains("destinations.main.queue-bytes: at least twice", "required=false");
  }

  @Test
  void theGatewayIsNotItsOwnDestination() {
    assertThat(
            findings(
                Map.of(
                    "floe.telemetry.export.destinations.main.endpoint", "http://localhost:4318")))
        .singleElement()
        .asString()
        .contains("is this gateway itself");
  }

  @Test
  void limitsAreNeitherNothingNorEverything() {
    assertThat(findings(Map.of("floe.telemetry.receive.max-request-bytes", "2G"))).hasSize(2);
  }

  @Test
  void noPortIsGivenTwice() {
    assertThat(findings(Map.of("floe.telemetry.receive.http-port", "4317")))
        .singleElement()
        .asString()
        .contains(
            "floe.telemetry.receive.grpc-port and floe.telemetry.receive.http-port are both 4317");
    assertThat(findings(Map.of("floe.telemetry.receive.grpc-port", "8582")))
        .singleElement()
        .asString()
        .contains("floe.telemetry.receive.grpc-port and quarkus.http.port are both 8582");
  }

  @Test
  void anyFreePortIsNoPortGivenTwice() {
    assertThat(
            findings(
                Map.of(
                    "floe.telemetry.receive.grpc-port", "0",
                    "floe.telemetry.receive.http-port", "0")))
        .isEmpty();
  }

  @Test
  void structureAndTimeNeedLimitsAboveZero() {
    assertThat(
            findings(
                Map.of(
                    "floe.telemetry.receive.max-resources", "0",
                    "floe.telemetry.receive.work-timeout", "PT0S",
                    "floe.telemetry.receive.workers", "-1")))
        .hasSize(3);
  }

  private static List<String> findings(Map<String, String> properties) {
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withMapping(ExportConfig.class)
            .withMapping(ReceiveConfig.class)
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .build();
    return new ReceiveChecks(
            config.getConfigMapping(ReceiveConfig.class),
            config.getConfigMapping(ExportConfig.class),
            8582)
        .findings();
  }
}
