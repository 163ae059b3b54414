package dev.floe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.floe.contract.telemetry.TelemetryStatus;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executor;
import java.util.zip.GZIPOutputStream;

/** Sends to a gateway under test, and asks it how it is. */
final class GatewayClient {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayClient() {}

  static HttpRequest.Builder post(GatewayFixture gateway, String path, byte[] body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
        .header("content-type", "application/x-protobuf")
        .header("authorization", "Bearer " + GatewayFixture.SENDER_TOKEN)
        .POST(BodyPublishers.ofByteArray(body));
  }

  static HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static ManagedChannel channel(GatewayFixture gateway) {
    return NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
  }

  static CallCredentials token(String token) {
    return new CallCredentials() {
      @Override
      public void applyRequestMetadata(
          RequestInfo info, Executor executor, MetadataApplier applier) {
        var metadata = new Metadata();
        metadata.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        applier.apply(metadata);
      }
    };
  }

  static TelemetryStatus status() {
    try {
      return JSON.readValue(
          RestAssured.given()
              .header("Authorization", "Bearer " + GatewayFixture.TOKEN)
              .get("/api/v1/telemetry/status")
              .then()
              .statusCode(200)
              .extract()
              .asByteArray(),
          TelemetryStatus.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** However requests ended, nothing is left of them. */
  static void awaitNothingInFlight() {
    await().untilAsserted(() -> assertThat(sum("floe_telemetry_in_flight_bytes")).isZero());
  }

  /**
   * @return the sum of all metrics whose name and tags begin so; there must be one
   */
  static double sum(String begin) {
    var lines =
        RestAssured.given()
            .header("Authorization", "Bearer " + GatewayFixture.TOKEN)
            .get("/q/metrics")
            .then()
            .statusCode(200)
            .extract()
            .asString()
            .lines()
            .filter(line -> line.startsWith(begin))
            .toList();
    assertThat(lines).as(begin).isNotEmpty();
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * @return the flow of one product's items, all zero where there is none yet
   */
  static TelemetryStatus.Flow flow(String destination, String signal, String product) {
    return status().flows().stream()
        .filter(flow ->
            flow.destination().equals(destination)
                && flow.signal().equals(signal)
                && flow.sender().equals("climate/" + product))
        .findFirst()
        .orElse(new TelemetryStatus.Flow(signal, product, destination, 0, 0, 0, 0, 0));
  }
}
