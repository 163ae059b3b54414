package dev.floe.launcher.trace;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.test.EmbeddedPostgresResource;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The trace of a run, as a backend gets it. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@TestProfile(RunTraceTest.Traced.class)
class RunTraceTest {
  private static final String RUNS = "/api/v1/runs";
  private static final String CALLER_SPAN = "b7ad6b7169203331";

  /** Tracing is on. */
  public static final class Traced implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Backend.class));
    }
  }

  /** Where the spans go. */
  public static final class Backend implements QuarkusTestResourceLifecycleManager {
    private static final OtlpBackend BACKEND = OtlpBackend.start();

    @Override
    public Map<String, String> start() {
      return Map.of(
          "quarkus.otel.sdk.disabled", "false",
          "quarkus.otel.bsp.schedule.delay", "PT0.2S",
          "quarkus.otel.exporter.otlp.endpoint", BACKEND.endpoint());
    }

    @Override
    public void stop() {
      BACKEND.close();
    }
  }

  private final byte[] traceId = new byte[16];

  @BeforeEach
  void anotherTrace() {
    ThreadLocalRandom.current().nextBytes(traceId);
  }

  private RequestSpecification signedIn() {
    return given()
        .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN)
        .contentType(ContentType.JSON);
  }

  private String submitted(String script) {
    return signedIn()
        .header(
            "traceparent", "00-%s-%s-01".formatted(HexFormat.of().formatHex(traceId), CALLER_SPAN))
        .body(
            Map.of(
                "platform", "weather",
                "domain", "weather",
                "product", "daily",
                "kind", "custom",
                "image", LauncherSurroundings.IMAGE,
                "command", List.of("sh", "-c", script),
                "retryPolicy",
                    Map.of(
                        "maxAttempts",
                        Map.of("APPLICATION", 2),
                        "backoff",
                        Map.of("initial", "PT0S"))))
        .post(RUNS)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private void awaitEnd(String id) {
    await()
        .atMost(120, SECONDS)
        .until(
            () -> signedIn().get(RUNS + "/" + id + "?wait=PT20S").<String>path("state"),
            List.of("SUCCEEDED", "FAILED")::contains);
  }

  /** The spans of this test's trace with this name, once there are so many. */
  private List<Span> spans(String name, int count) {
    return await()
        .atMost(60, SECONDS)
        .until(
            () ->
                Backend.BACKEND.spans().stream()
                    .filter(span -> span.getTraceId().equals(ByteString.copyFrom(traceId)))
                    .filter(span -> span.getName().equals(name))
                    .toList(),
            found -> found.size() >= count);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Test
  void oneTraceHoldsTheCallTheRunAndItsAttempts() {
    // When: the first attempt fails
    var id = submitted("echo span=$TRACEPARENT; exit $((2 - FLOE_ATTEMPT))");
    awaitEnd(id);
    // Then
    var run = spans("run daily", 1);
    var attempts = spans("attempt daily", 2);
    var call = spans("POST /api/v1/runs", 1).getFirst();
    assertThat(hex(call.getParentSpanId())).isEqualTo(CALLER_SPAN);
    assertThat(run).hasSize(1);
    assertThat(run.getFirst().getParentSpanId()).isEqualTo(call.getSpanId());
    assertThat(attempts)
        .hasSize(2)
        .allMatch(span -> span.getParentSpanId().equals(run.getFirst().getSpanId()));
    var written = signedIn().get(RUNS + "/" + id + "/attempts/2/logs").asString().strip();
    assertThat(attempts)
        .extracting(
            span -> "span=00-%s-%s-01".formatted(hex(span.getTraceId()), hex(span.getSpanId())))
        .contains(written);
  }

  @Test
  void aRetryByHandHasASpanOfItsOwn() {
    // Given
    var id = submitted("exit 1");
    awaitEnd(id);
    var first = spans("run daily", 1).getFirst();
    // When
    signedIn().post(RUNS + "/" + id + "/retry").then().statusCode(200);
    awaitEnd(id);
    // Then
    var both = spans("run daily", 2);
    var attempts = spans("attempt daily", 4);
    assertThat(both).hasSize(2);
    var second = both.get(1);
    assertThat(second.getSpanId()).isNotEqualTo(first.getSpanId());
    assertThat(second.getParentSpanId()).isEqualTo(first.getParentSpanId());
    assertThat(second.getStartTimeUnixNano()).isGreaterThanOrEqualTo(first.getEndTimeUnixNano());
    assertThat(second.getLinksList()).hasSize(2);
    assertThat(second.getLinks(0).getSpanId()).isEqualTo(first.getSpanId());
    assertThat(attempts)
        .extracting(Span::getParentSpanId)
        .containsExactlyInAnyOrder(
            first.getSpanId(), first.getSpanId(), second.getSpanId(), second.getSpanId());
  }

  @Test
  void whatTheLauncherDoesOfItsOwnAccordIsNoTrace() {
    // When: it looks for what is due, and asks platform-manager for bindings
    awaitEnd(submitted("true"));
    spans("run daily", 1);
    // Then
    assertThat(Backend.BACKEND.spans())
        .filteredOn(span -> span.getParentSpanId().isEmpty())
        .allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER);
  }
}
