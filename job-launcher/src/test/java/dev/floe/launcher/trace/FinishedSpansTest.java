package dev.floe.launcher.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinishedSpansTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ENDED = Instant.parse("2026-01-01T00:01:00Z");
  private static final RunRequest REQUEST =
      new RunRequest(
          "weather",
          null,
          "weather",
          "daily",
          "hourly",
          RunKind.CUSTOM,
          "w",
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);

  private final List<SpanData> exported = new ArrayList<>();
  private final StoredIds ids = new StoredIds();
  private final FinishedSpans spans =
      new FinishedSpans(
          SdkTracerProvider.builder()
              .setIdGenerator(ids)
              .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
              .build()
              .get("test"),
          ids);

  private final class Kept implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> more) {
      exported.addAll(more);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void anAttemptHasTheIdsAndTimesThatWereStored() {
    // Given
    var run = TraceContext.root().child();
    var attempt = run.child();
    var verdict = Verdict.of(VerdictReason.EXIT_CODE, "Exited with code 3", 3);
    // When
    spans.attempt(attempt, "id", 2, REQUEST, verdict, BEGAN, ENDED);
    // Then
    var span = exported.getFirst();
    assertThat(span.getTraceId()).isEqualTo(run.traceId());
    assertThat(span.getSpanId()).isEqualTo(attempt.spanId());
    assertThat(span.getParentSpanId()).isEqualTo(run.spanId());
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(60_000_000_000L);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(AttributeKey.longKey("floe.attempt"))).isEqualTo(2);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("floe.pipeline")))
        .isEqualTo("hourly");
  }

  @Test
  void aRunWithoutACallerIsTheRoot() {
    // Given
    var run = TraceContext.root();
    // When
    spans.run(run, "id", REQUEST, Verdict.of(VerdictReason.COMPLETED, ""), BEGAN, ENDED);
    // Then
    var span = exported.getFirst();
    assertThat(span.getTraceId()).isEqualTo(run.traceId());
    assertThat(span.getSpanId()).isEqualTo(run.spanId());
    assertThat(span.getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void whatTheCallerDoesNotSampleIsNotExported() {
    // Given
    var run = new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", null, false);
    // When
    spans.run(run, "id", REQUEST, Verdict.of(VerdictReason.COMPLETED, ""), BEGAN, ENDED);
    // Then
    assertThat(exported).isEmpty();
  }
}
