package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.wire.Signal;
import dev.floe.test.OtlpBackend;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where requests go, and where they do not. */
class BackendClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final OtlpBackend backend = OtlpBackend.start();

  @AfterEach
  void close() {
    backend.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theNextAddressOfANameIsTried() throws Exception {
    // Given: of both addresses only the second has a listener
    var addresses =
        new InetAddress[] {InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")};
    int port = URI.create(backend.endpoint()).getPort();
    for (var version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
      var client =
          new BackendClient(
              vertx, config("http://otlp.example.com:" + port), version, host -> addresses.clone());
      // When
      var answer =
          client
              .post(
                  Signal.LOGS.httpPath(),
                  Map.of("content-type", "application/x-protobuf"),
                  Buffer.buffer(),
                  LONG,
                  response -> new Answer.Taken(0, Integer.toString(response.head().statusCode())))
              .toCompletionStage()
              .toCompletableFuture()
              .get(LONG.toSeconds(), TimeUnit.SECONDS);
      // Then
      assertThat(answer).isEqualTo(new Answer.Taken(0, "200"));
      client.close();
    }
    assertThat(backend.headers()).hasSize(2);
    assertThat(backend.headers().getFirst()).containsEntry("host", "otlp.example.com:" + port);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    // Given
    try (var other = OtlpBackend.start()) {
      backend.answer(
          new OtlpBackend.Reply.Fail(
              307, 14, Map.of("location", other.endpoint() + "/v1/logs?token=s3cret")));
      var destination = new HttpBackend(vertx, config(backend.endpoint()));
      // When
      var answer =
          destination
              .send(Signal.LOGS, List.of(new Chunk(Signal.LOGS, new byte[0], List.of())), LONG)
              .toCompletionStage()
              .toCompletableFuture()
              .get(LONG.toSeconds(), TimeUnit.SECONDS);
      // Then
      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Later.class,
              later ->
                  assertThat(later.why())
                      .contains("HTTP 307", other.endpoint() + "/v1/logs")
                      .doesNotContain("s3cret"));
      assertThat(backend.requests()).isEqualTo(1);
      assertThat(other.requests()).isZero();
      destination.close();
    }
  }

  private static ExportConfig.Destination config(String endpoint) {
    var key = "floe.telemetry.export.destinations.main.endpoint";
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(ExportConfig.class)
            .withSources(new PropertiesConfigSource(Map.of(key, endpoint), "test", 100))
            .build()
            .getConfigMapping(ExportConfig.class);
    return Objects.requireNonNull(config.destinations().get("main"));
  }
}
