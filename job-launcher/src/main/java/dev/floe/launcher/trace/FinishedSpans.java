package dev.floe.launcher.trace;

import dev.floe.contract.Names;
import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.kit.trace.RootSpans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.time.Instant;

/**
 * Exports the span of a run or an attempt when its end was recorded: by whoever recorded it, and so
 * at most once, whoever began it.
 */
@Singleton
public final class FinishedSpans {
  private final Tracer tracer;
  private final StoredIds ids;

  FinishedSpans(Tracer tracer, StoredIds ids) {
    this.tracer = tracer;
    this.ids = ids;
  }

  /** The span of a whole run, where it has ended. */
  public void run(RunSpan span, Run run) {
    var ended = run.finishedAt();
    var verdict = run.verdict();
    if (ended == null || verdict == null || !span.context().sampled()) {
      return;
    }
    var builder = begin("run ", span.context(), run.id(), run.request(), span.began());
    span.links().forEach(link -> builder.addLink(context(link.traceId(), link.spanId())));
    export(builder, span.context(), verdict, span.began(), ended);
  }

  /** The span of one attempt, where it has ended. */
  public void attempt(TraceContext context, RunRequest request, Attempt attempt) {
    var ended = attempt.finishedAt();
    var verdict = attempt.verdict();
    if (ended == null || verdict == null || !context.sampled()) {
      return;
    }
    var began = attempt.createdAt();
    var builder =
        begin("attempt ", context, attempt.runId(), request, began)
            .setAttribute(Names.Resource.ATTEMPT, (long) attempt.number());
    export(builder, context, verdict, began, ended);
  }

  private SpanBuilder begin(
      String name, TraceContext context, String runId, RunRequest request, Instant began) {
    var parent = context.parentSpanId();
    var builder =
        tracer
            .spanBuilder(name + request.product())
            .setParent(
                parent == null
                    ? RootSpans.wanted()
                    : Context.root().with(Span.wrap(context(context.traceId(), parent))))
            .setSpanKind(SpanKind.INTERNAL)
            .setStartTimestamp(began)
            .setAttribute(Names.Resource.RUN_ID, runId)
            .setAttribute(Names.Resource.DOMAIN, request.domain())
            .setAttribute(Names.Resource.PRODUCT, request.product())
            .setAttribute("floe.kind", request.kind().value());
    var pipeline = request.pipeline();
    return pipeline == null ? builder : builder.setAttribute(Names.Resource.PIPELINE, pipeline);
  }

  private void export(
      SpanBuilder builder, TraceContext context, Verdict verdict, Instant began, Instant ended) {
    builder
        .setAttribute("floe.verdict.category", verdict.category().name())
        .setAttribute("floe.verdict.reason", verdict.reason().value());
    var span = ids.with(context, builder::startSpan);
    if (verdict.category() != VerdictCategory.SUCCESS) {
      span.setStatus(StatusCode.ERROR, verdict.message());
    }
    span.end(ended.isBefore(began) ? began : ended);
  }

  private static SpanContext context(String traceId, String spanId) {
    return SpanContext.createFromRemoteParent(
        traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }
}
