package dev.floe.telemetry;

import static dev.floe.telemetry.GatewayClient.flow;
import static dev.floe.telemetry.GatewayClient.gzip;
import static dev.floe.telemetry.GatewayClient.post;
import static dev.floe.telemetry.GatewayClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.wire.RpcStatus;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a gateway does, seen from outside; run on classes, on the packaged application and natively.
 */
abstract class GatewayScenarios {
  static final Duration LONG = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init") // the test resource sets it
  GatewayFixture gateway;

  @BeforeEach
  void start() {
    gateway.backend().clear();
    gateway.archive().clear();
  }

  @AfterEach
  void reset() {
    gateway.backend().answer(new OtlpBackend.Reply.Take());
    gateway.archive().answer(new OtlpBackend.Reply.Take());
    await()
        .atMost(LONG)
        .until(() ->
            GatewayClient.status().destinations().stream()
                .allMatch(destination -> destination.queuedBytes() == 0));
    GatewayClient.awaitNothingInFlight();
  }

  @Test
  void deliversWhatWasSentToEveryDestinationThatWantsIt() {
    // Given
    var request = Telemetry.spans("deliver", 3);
    // When
    var response = send(post(gateway, "/v1/traces", request.toByteArray()));
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    for (var backend : List.of(gateway.backend(), gateway.archive())) {
      await().atMost(LONG).until(() -> backend.resourcesOfSpan("span of deliver").size() == 1);
      var group =
          backend.traces().stream()
              .filter(traces -> traces.getScopeSpans(0).getSpans(0).getName().endsWith("deliver"))
              .findFirst()
              .orElseThrow();
      assertThat(group.getScopeSpansList())
          .isEqualTo(request.getResourceSpans(0).getScopeSpansList());
      assertThat(group.getResource().getAttributesList())
          .startsWith(
              request.getResourceSpans(0).getResource().getAttributes(0),
              request.getResourceSpans(0).getResource().getAttributes(1))
          .contains(Telemetry.text("service.namespace", "climate"))
          .hasSize(5);
    }
    assertThat(gateway.backend().headers().getFirst()).containsEntry("x-tenant", "floe");
    assertThat(gateway.archive().headers().getFirst()).containsEntry("grpc-encoding", "gzip");
    await().atMost(LONG).until(() -> flow("archive", "traces", "deliver").exported() == 3);
    await().atMost(LONG).until(() -> flow("backend", "traces", "deliver").exported() == 3);
  }

  @Test
  void takesEverySignalFromAGrpcClient() throws Exception {
    // Given
    var channel = GatewayClient.channel(gateway);
    var token = GatewayClient.token(GatewayFixture.SENDER_TOKEN);
    try {
      // When
      var traces =
          TraceServiceGrpc.newBlockingStub(channel)
              .withCallCredentials(token)
              .export(Telemetry.spans("grpc", 2));
      var metrics =
          MetricsServiceGrpc.newBlockingStub(channel)
              .withCallCredentials(token)
              .withCompression("gzip")
              .export(Telemetry.points("grpc", 5));
      var logs =
          LogsServiceGrpc.newBlockingStub(channel)
              .withCallCredentials(GatewayClient.token(GatewayFixture.TOKEN))
              .withCompression("gzip")
              .export(Telemetry.logs("grpc", 400, "x".repeat(1000)));
      // Then
      assertThat(traces.hasPartialSuccess()).isFalse();
      assertThat(metrics.hasPartialSuccess()).isFalse();
      assertThat(logs.hasPartialSuccess()).isFalse();
      await().atMost(LONG).until(() -> flow("backend", "traces", "grpc").exported() == 2);
      await().atMost(LONG).until(() -> flow("backend", "metrics", "grpc").exported() == 5);
      await().atMost(LONG).until(() -> flow("backend", "logs", "grpc").exported() == 400);
      assertThat(gateway.backend().logRecords()).hasSize(400);
      assertThat(gateway.backend().allMetrics()).hasSize(1);
      assertThat(flow("archive", "logs", "grpc").accepted()).isZero();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void takesGzipOverHttp() {
    // When
    var response =
        send(
            post(gateway, "/v1/metrics", gzip(Telemetry.points("gzip", 7).toByteArray()))
                .header("content-encoding", "gzip"));
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    await().atMost(LONG).until(() -> flow("backend", "metrics", "gzip").exported() == 7);
  }

  @Test
  void rejectsItemsThatAreTooLargeAndTakesTheRest() throws Exception {
    // Given
    var large = Telemetry.spans("partial", 1, "x".repeat(GatewayFixture.MAX_ITEM));
    var request =
        Telemetry.spans("partial", 4).toBuilder()
            .addAllResourceSpans(large.getResourceSpansList())
            .build();
    // When
    var response = send(post(gateway, "/v1/traces", request.toByteArray()));
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    var partial = ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess();
    assertThat(partial.getRejectedSpans()).isEqualTo(1);
    assertThat(partial.getErrorMessage()).contains("items of more than 65536 bytes");
    await().atMost(LONG).until(() -> flow("backend", "traces", "partial").exported() == 4);
  }

  @Test
  void dividesLargeRequestsIntoBatchesThatBackendsTake() {
    // Given: batches are of 256 KiB here
    var request = Telemetry.logs("large", 900, "y".repeat(1000));
    // When
    var response = send(post(gateway, "/v1/logs", request.toByteArray()));
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    await().atMost(LONG).until(() -> gateway.backend().logRecords().size() == 900);
    assertThat(gateway.backend().requests()).isGreaterThan(3);
    assertThat(gateway.backend().logs())
        .allMatch(
            logs -> "large".equals(OtlpBackend.attributes(logs.getResource()).get("floe.product")));
  }

  @Test
  void triesAgainUntilABackendIsBack() {
    // Given
    gateway.backend().down();
    try {
      // When
      var response = send(post(gateway, "/v1/logs", Telemetry.logs("down", 3, "x").toByteArray()));
      // Then
      assertThat(response.statusCode()).isEqualTo(200);
      await()
          .atMost(LONG)
          .until(() ->
              GatewayClient.status().notices().stream()
                  .anyMatch(notice -> notice.startsWith("Destination backend:")));
      assertThat(flow("backend", "logs", "down").queued()).isEqualTo(3);
    } finally {
      gateway.backend().up();
    }
    await().atMost(LONG).until(() -> flow("backend", "logs", "down").exported() == 3);
    assertThat(gateway.backend().logRecords()).hasSize(3);
  }

  @Test
  void comesBackWhenABackendSaysSo() {
    // Given
    gateway.backend().answer(new OtlpBackend.Reply.Fail(503, 14, Map.of("retry-after", "1")));
    // When
    send(post(gateway, "/v1/logs", Telemetry.logs("later", 2, "x").toByteArray()));
    await().atMost(LONG).until(() -> gateway.backend().requests() > 0);
    int soFar = gateway.backend().requests();
    gateway.backend().answer(new OtlpBackend.Reply.Take());
    // Then
    assertThat(soFar).isLessThan(3);
    await().atMost(LONG).until(() -> flow("backend", "logs", "later").exported() == 2);
  }

  @Test
  void countsWhatABackendRejectsInPart() {
    // Given
    gateway.backend().answer(new OtlpBackend.Reply.Reject(2, "too old"));
    // When
    send(post(gateway, "/v1/logs", Telemetry.logs("rejected", 5, "x").toByteArray()));
    // Then
    await().atMost(LONG).until(() -> flow("backend", "logs", "rejected").rejected() == 2);
    assertThat(flow("backend", "logs", "rejected").exported()).isEqualTo(3);
    assertThat(GatewayClient.status().destinations())
        .filteredOn(destination -> destination.name().equals("backend"))
        .allMatch(destination -> String.valueOf(destination.lastError()).contains("too old"));
  }

  @Test
  void countsWhatABackendRefuses() {
    // Given
    gateway.backend().answer(new OtlpBackend.Reply.Fail(400, 3));
    // When
    send(post(gateway, "/v1/logs", Telemetry.logs("refused", 5, "x").toByteArray()));
    // Then
    await().atMost(LONG).until(() -> flow("backend", "logs", "refused").rejected() == 5);
    assertThat(flow("backend", "logs", "refused").queued()).isZero();
  }

  @Test
  void asksSendersToComeBackWhileARequiredQueueIsFull() {
    // Given
    gateway.backend().answer(new OtlpBackend.Reply.Fail(503, 14));
    byte[] half = Telemetry.logs("full", 500, "x".repeat(1000)).toByteArray();
    long taken = 0;
    var response = send(post(gateway, "/v1/logs", half));
    while (response.statusCode() == 200) {
      taken++;
      response = send(post(gateway, "/v1/logs", half));
    }
    // Then
    assertThat(taken).isEqualTo(4);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("2");
    var status = RpcStatus.parse(response.body());
    assertThat(status.code()).isEqualTo(14);
    assertThat(status.retryDelay()).isEqualTo(Duration.ofSeconds(2));
    // When
    gateway.backend().answer(new OtlpBackend.Reply.Take());
    // Then
    await().atMost(LONG).until(() -> flow("backend", "logs", "full").exported() == 2000);
    assertThat(flow("backend", "logs", "full").accepted()).isEqualTo(2000);
    assertThat(send(post(gateway, "/v1/logs", half)).statusCode()).isEqualTo(200);
  }

  @Test
  void dropsForADestinationThatIsNotRequiredAndSlowsNoOther() {
    // Given
    gateway.archive().answer(new OtlpBackend.Reply.Hang());
    byte[] spans = Telemetry.spans("optional", 200, "x".repeat(1000)).toByteArray();
    // When
    for (int i = 0; i < 10; i++) {
      int so = i;
      assertThat(send(post(gateway, "/v1/traces", spans)).statusCode()).isEqualTo(200);
      await()
          .atMost(LONG)
          .until(() -> flow("backend", "traces", "optional").exported() == 200L * (so + 1));
    }
    // Then
    var archive = flow("archive", "traces", "optional");
    assertThat(archive.accepted()).isEqualTo(2000);
    assertThat(archive.dropped()).isPositive();
    assertThat(archive.queued()).isEqualTo(2000 - archive.dropped());
    assertThat(GatewayClient.status().drops())
        .anyMatch(
            drop -> drop.destination().equals("archive") && drop.reason().equals("queue-full"));
  }

  @Test
  void everyItemIsAccountedForAtEveryMoment() throws Exception {
    // Given: senders, and backends that fail in turns
    var acknowledged = new AtomicLong();
    var senders = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      byte[] spans = Telemetry.spans("load-" + i, 50, "x".repeat(100)).toByteArray();
      senders.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int n = 0; n < 100; n++) {
                  if (send(post(gateway, "/v1/traces", spans)).statusCode() == 200) {
                    acknowledged.addAndGet(50);
                  }
                }
              }));
    }
    var moods =
        List.of(
            new OtlpBackend.Reply.Take(),
            new OtlpBackend.Reply.Fail(503, 14),
            new OtlpBackend.Reply.Reject(3, "some"),
            new OtlpBackend.Reply.TakeAfter(5),
            new OtlpBackend.Reply.Fail(400, 3));
    // When, then
    for (int n = 0; senders.stream().anyMatch(Thread::isAlive); n++) {
      gateway.backend().answer(moods.get(n % moods.size()));
      gateway.archive().answer(moods.get((n + 1) % moods.size()));
      assertThat(GatewayClient.status().flows())
          .allMatch(flow ->
              flow.accepted()
                  == flow.exported() + flow.queued() + flow.rejected() + flow.dropped());
    }
    gateway.backend().answer(new OtlpBackend.Reply.Take());
    gateway.archive().answer(new OtlpBackend.Reply.Take());
    for (var destination : List.of("backend", "archive")) {
      await().atMost(LONG).until(() -> load(destination, TelemetryStatus.Flow::queued) == 0);
      assertThat(load(destination, TelemetryStatus.Flow::accepted)).isEqualTo(acknowledged.get());
    }
    // Of an answer that never said how many it kept, the backend knows at most what was exported.
    assertThat(spansOfLoad()).isLessThanOrEqualTo(load("backend", TelemetryStatus.Flow::exported));
    assertThat(load("backend", TelemetryStatus.Flow::dropped)).isZero();
  }

  private long spansOfLoad() {
    return gateway.backend().spans().stream()
        .filter(span -> span.getName().startsWith("span of load-"))
        .count();
  }

  private static long load(String destination, ToLongFunction<TelemetryStatus.Flow> count) {
    return GatewayClient.status().flows().stream()
        .filter(flow -> flow.destination().equals(destination))
        .filter(flow -> flow.sender().startsWith("climate/load-"))
        .mapToLong(count)
        .sum();
  }

  @Test
  void itsOwnSpansTakeTheSameWayAndMakeNoMore() {
    // When
    RestAssured.given()
        .header("Authorization", "Bearer " + GatewayFixture.TOKEN)
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .get("/api/v1/telemetry/status");
    send(post(gateway, "/v1/traces", Telemetry.spans("own", 1).toByteArray()));
    // Then
    await()
        .atMost(LONG)
        .until(() ->
            gateway.backend().spans().stream()
                .anyMatch(span -> span.getName().equals("GET /api/v1/telemetry/status")));
    var own = gateway.backend().resourcesOfSpan("GET /api/v1/telemetry/status").getFirst();
    assertThat(own).containsEntry("service.name", "telemetry-gateway");
    assertThat(gateway.backend().spans())
        .noneMatch(span -> span.getName().contains("/v1/traces") || span.getName().equals("POST"));
  }

  @Test
  void metricsCountPerDestinationAndSignal() {
    // Given
    send(post(gateway, "/v1/logs", Telemetry.logs("metrics", 1, "x").toByteArray()));
    await().atMost(LONG).until(() -> flow("backend", "logs", "metrics").exported() == 1);
    // When
    var text =
        RestAssured.given()
            .header("Authorization", "Bearer " + GatewayFixture.TOKEN)
            .get("/q/metrics")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    // Then
    assertThat(text)
        .containsPattern(
            "floe_telemetry_items_exported_total\\{destination=\"backend\",signal=\"logs\"} [1-9]")
        .contains("floe_telemetry_queue_bytes{destination=\"archive\"}");
  }

  @Test
  void answersAtOnceWhereTheBodyIsStillComing() {
    // Given: a sender that says it has 100 MB
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + "/v1/logs"))
            .header("content-type", "application/x-protobuf")
            .header("authorization", "Bearer " + GatewayFixture.SENDER_TOKEN)
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofByteArrays(
                        Collections.nCopies(100, new byte[1024 * 1024])),
                    100L * 1024 * 1024));
    // When
    var response = send(request);
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(RpcStatus.parse(response.body()).message()).contains("at most 1048576 bytes");
  }
}
