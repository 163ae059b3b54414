package dev.floe.kit.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Lets a trace begin with what came from outside, or where floe says so. A service polls and
 * watches all the time: a call or a step that belongs to nothing makes no span, and neither does
 * what hangs below it. Everything else is left to the configured sampler.
 */
public final class RootSpans implements Sampler {
  private static final ContextKey<Boolean> WANTED = ContextKey.named("floe-root-span");

  private final Sampler configured;

  private RootSpans(Sampler configured) {
    this.configured = configured;
  }

  static Sampler over(Sampler configured) {
    return new RootSpans(configured);
  }

  /** The parent of a span that begins a trace on purpose. */
  public static Context wanted() {
    return Context.root().with(WANTED, true);
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return begins(kind) || hasParent(parent) || parent.get(WANTED) != null
        ? configured.shouldSample(parent, traceId, name, kind, attributes, links)
        : SamplingResult.drop();
  }

  private static boolean begins(SpanKind kind) {
    return kind == SpanKind.SERVER || kind == SpanKind.CONSUMER;
  }

  private static boolean hasParent(Context parent) {
    return Span.fromContext(parent).getSpanContext().isValid();
  }

  @Override
  public String getDescription() {
    return "RootSpans{" + configured.getDescription() + "}";
  }
}
