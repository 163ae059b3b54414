package dev.floe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Without a destination nothing is lost in silence. */
@QuarkusTest
@QuarkusTestResource(
    value = GatewayResource.class,
    initArgs = @ResourceArg(name = GatewayResource.DESTINATIONS_ARGUMENT, value = "none"),
    restrictToAnnotatedClass = true)
class NoDestinationTest {
  @SuppressWarnings("NullAway.Init") // the test resource sets it
  GatewayFixture gateway;

  @Test
  void telemetryIsAcceptedAndCountedAsDropped() {
    // When
    var response =
        GatewayClient.send(
            GatewayClient.post(gateway, "/v1/traces", Telemetry.spans("nowhere", 3).toByteArray()));
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    var flow = GatewayClient.flow("none", "traces", "nowhere");
    assertThat(flow.accepted()).isEqualTo(3);
    assertThat(flow.dropped()).isEqualTo(3);
    var status = GatewayClient.status();
    assertThat(status.destinations()).isEmpty();
    assertThat(status.notices())
        .anyMatch(notice -> notice.startsWith("No destination is configured"));
    assertThat(status.drops()).anyMatch(drop -> drop.reason().equals("no-destination"));
  }
}
