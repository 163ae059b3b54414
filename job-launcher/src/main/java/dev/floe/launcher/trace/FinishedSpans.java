package dev.floe.launcher.trace;

import dev.floe.contract.Names;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import io.opentelemetry.api.trace.Span;
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

  /** The span of a whole run. */
  public void run(
      TraceContext context,
      String runId,
      RunRequest request,
      Verdict verdict,
      Instant began,
      Instant ended) {
    export("run " + request.product(), context, runId, 0, request, verdict, began, ended);
  }

  /** The span of one attempt. */
  public void attempt(
      TraceContext context,
      String runId,
      int number,
      RunRequest request,
      Verdict verdict,
      Instant began,
      Instant ended) {
    export("attempt " + request.product(), context, runId, number, request, verdict, began, ended);
  }

  private void export(
      String name,
      TraceContext context,
      String runId,
      int number,
      RunRequest request,
      Verdict verdict,
      Instant began,
      Instant ended) {
    if (!context.sampled()) {
      return;
    }
    var builder =
        tracer
            .spanBuilder(name)
            .setSpanKind(SpanKind.INTERNAL)
            .setStartTimestamp(began)
            .setAttribute(Names.Resource.RUN_ID, runId)
            .setAttribute(Names.Resource.DOMAIN, request.domain())
            .setAttribute(Names.Resource.PRODUCT, request.product())
            .setAttribute("floe.kind", request.kind().value())
            .setAttribute("floe.verdict.category", verdict.category().name())
            .setAttribute("floe.verdict.reason", verdict.reason().value());
    var pipeline = request.pipeline();
    if (pipeline != null) {
      builder.setAttribute(Names.Resource.PIPELINE, pipeline);
    }
    if (number > 0) {
      builder.setAttribute(Names.Resource.ATTEMPT, (long) number);
    }
    var parent = context.parentSpanId();
    if (parent == null) {
      builder.setNoParent();
    } else {
      builder.setParent(
          Context.root()
              .with(
                  Span.wrap(
                      SpanContext.createFromRemoteParent(
                          context.traceId(),
                          parent,
                          TraceFlags.getSampled(),
                          TraceState.getDefault()))));
    }
    var span = ids.with(context, builder::startSpan);
    if (verdict.category() != VerdictCategory.SUCCESS) {
      span.setStatus(StatusCode.ERROR, verdict.message());
    }
    span.end(ended.isBefore(began) ? began : ended);
  }
}
