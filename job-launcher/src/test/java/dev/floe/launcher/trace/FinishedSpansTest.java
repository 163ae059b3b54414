package dev.floe.launcher.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.AttemptState;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
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

  private static final Verdict EXIT = Verdict.of(VerdictReason.EXIT_CODE, "Exited with code 3", 3);

  private final RecordedSpans exported = new RecordedSpans();
  private final FinishedSpans spans = exported.finished();

  private static Run run(Verdict verdict) {
    return new Run(
        "id",
        RunState.FAILED,
        null,
        REQUEST,
        1,
        verdict,
        null,
        "",
        BEGAN,
        ENDED,
        null,
        ENDED,
        null,
        1);
  }

  private static Attempt attempt(Verdict verdict) {
    return new Attempt(
        "id",
        2,
        AttemptState.FAILED,
        "id-2",
        "weather",
        null,
        null,
        null,
        verdict,
        BEGAN,
        null,
        ENDED,
        0,
        false);
  }

  @Test
  void anAttemptHasTheIdsAndTimesThatWereStored() {
    // Given
    var run = TraceContext.root().child();
    var attempt = run.child();
    // When
    spans.attempt(attempt, REQUEST, attempt(EXIT));
    // Then
    var span = exported.all().getFirst();
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
    var root = TraceContext.root();
    // When
    spans.run(new RunSpan(root, BEGAN, List.of()), run(EXIT));
    // Then
    var span = exported.all().getFirst();
    assertThat(span.getTraceId()).isEqualTo(root.traceId());
    assertThat(span.getSpanId()).isEqualTo(root.spanId());
    assertThat(span.getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void aRetryByHandHasASpanOfItsOwnThatIsLinked() {
    // Given
    var first = new RunSpan(TraceContext.root().child(), BEGAN, List.of());
    var caller = TraceContext.root();
    // When
    var again = first.again(caller, BEGAN.plusSeconds(30));
    spans.run(
        new RunSpan(again.context(), again.began(), RunSpan.links(again.linksText())), run(EXIT));
    // Then
    var span = exported.all().getFirst();
    assertThat(span.getTraceId()).isEqualTo(first.context().traceId());
    assertThat(span.getSpanId()).isNotEqualTo(first.context().spanId());
    assertThat(span.getParentSpanId()).isEqualTo(first.context().parentSpanId());
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(30_000_000_000L);
    assertThat(span.getLinks())
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactly(first.context().spanId(), caller.spanId());
  }

  @Test
  void whatTheCallerDoesNotSampleIsNotExported() {
    // Given
    var unsampled =
        new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", null, false);
    // When
    spans.run(new RunSpan(unsampled, BEGAN, List.of()), run(EXIT));
    // Then
    assertThat(exported.all()).isEmpty();
  }
}
