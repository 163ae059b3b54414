package dev.floe.kit.trace;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service with tracing sends of itself. */
@QuarkusTest
@TestProfile(ServiceSpansTest.Traced.class)
class ServiceSpansTest {
  private static final String TOKEN = "a-token-for-this-test";

  /** Tracing is on. */
  public static class Traced implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        var file = Files.createTempFile("token", "");
        Files.writeString(file, TOKEN);
        return new HashMap<>(
            Map.of(
                "floe.auth.token-file", file.toString(),
                "quarkus.http.test-port", "0",
                "quarkus.otel.sdk.disabled", "false"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Inject KeptSpans kept;
  @Inject OpenTelemetry telemetry;
  @Inject Vertx vertx;

  @SuppressWarnings("NullAway.Init") // filled by Quarkus
  @TestHTTPResource("/q/health/live")
  URL health;

  private static RequestSpecification signedIn() {
    return given().header("Authorization", "Bearer " + TOKEN);
  }

  private void flush() {
    assertThat(telemetry).isInstanceOf(OpenTelemetrySdk.class);
    var done = ((OpenTelemetrySdk) telemetry).getSdkTracerProvider().forceFlush();
    assertThat(done.join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  @BeforeEach
  void forget() {
    flush();
    kept.clear();
  }

  @Test
  void aCallIsTracedAndAProbeIsNot() {
    // When
    signedIn().get("/q/health/live").then().statusCode(200);
    signedIn().get("/q/health/ready").then().statusCode(200);
    signedIn().get("/q/metrics").then().statusCode(200);
    signedIn().get("/echo?wait=PT1S").then().statusCode(200);
    // Then
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(() -> {
          flush();
          assertThat(kept.names()).containsExactly("GET /echo");
        });
  }

  @Test
  void aCallThatBelongsToNothingIsNotTraced() throws Exception {
    // When: as clients of the Kubernetes API do that poll
    var client = vertx.createHttpClient();
    var status =
        client
            .request(HttpMethod.GET, health.getPort(), health.getHost(), health.getPath())
            .compose(HttpClientRequest::send)
            .map(answer -> answer.statusCode())
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    // Then
    assertThat(status).isEqualTo(200);
    flush();
    assertThat(kept.names()).isEmpty();
  }
}
