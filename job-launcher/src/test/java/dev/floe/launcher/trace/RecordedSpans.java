package dev.floe.launcher.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what launchers export, in memory. */
public final class RecordedSpans implements SpanExporter {
  private final List<SpanData> spans = new CopyOnWriteArrayList<>();

  /** What a launcher exports through. */
  public FinishedSpans finished() {
    var ids = new StoredIds();
    return new FinishedSpans(
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .addSpanProcessor(SimpleSpanProcessor.create(this))
            .build()
            .get("test"),
        ids);
  }

  List<SpanData> all() {
    return List.copyOf(spans);
  }

  /** Names of a run's spans, in the order in which they were exported. */
  public List<String> ofRun(String id) {
    return spans.stream()
        .filter(span -> id.equals(span.getAttributes().get(AttributeKey.stringKey("floe.run.id"))))
        .map(SpanData::getName)
        .toList();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> more) {
    spans.addAll(more);
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
