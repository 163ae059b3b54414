package dev.floe.kit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RootSpansTest {
  private final Tracer tracer =
      SdkTracerProvider.builder()
          .setSampler(RootSpans.over(Sampler.parentBased(Sampler.alwaysOn())))
          .build()
          .get("test");

  private Span span(SpanKind kind, Context parent) {
    return tracer.spanBuilder("a span").setSpanKind(kind).setParent(parent).startSpan();
  }

  private static Context remote(TraceFlags flags) {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    "0af7651916cd43dd8448eb211c80319c",
                    "b7ad6b7169203331",
                    flags,
                    TraceState.getDefault())));
  }

  @ParameterizedTest
  @EnumSource(names = {"CLIENT", "INTERNAL", "PRODUCER"})
  void whatBelongsToNothingMakesNoSpan(SpanKind kind) {
    // When
    var polling = span(kind, Context.root());
    var below = span(SpanKind.CLIENT, Context.root().with(polling));
    // Then
    assertThat(polling.isRecording()).isFalse();
    assertThat(below.isRecording()).isFalse();
  }

  @Test
  void aCallFromOutsideBeginsATrace() {
    // When
    var call = span(SpanKind.SERVER, Context.root());
    var below = span(SpanKind.CLIENT, Context.root().with(call));
    // Then
    assertThat(call.isRecording()).isTrue();
    assertThat(below.isRecording()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void whatHasAParentFollowsItsDecision(SpanKind kind) {
    assertThat(span(kind, remote(TraceFlags.getSampled())).isRecording()).isTrue();
    assertThat(span(kind, remote(TraceFlags.getDefault())).isRecording()).isFalse();
  }

  @Test
  void floeBeginsATraceOnPurpose() {
    assertThat(span(SpanKind.INTERNAL, RootSpans.wanted()).isRecording()).isTrue();
  }
}
