package dev.floe.telemetry;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.concurrent.ThreadLocalRandom;

/** What a run of a product sends. */
final class Telemetry {
  private Telemetry() {}

  static Resource resource(String product) {
    return Resource.newBuilder()
        .addAttributes(text("service.name", "ingestion"))
        .addAttributes(text("floe.domain", "climate"))
        .addAttributes(text("floe.product", product))
        .addAttributes(text("floe.run.id", "run-of-" + product))
        .build();
  }

  static ExportTraceServiceRequest spans(String product, int count) {
    return spans(product, count, "");
  }

  static ExportTraceServiceRequest spans(String product, int count, String padding) {
    var scope =
        ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("tests"));
    for (int i = 0; i < count; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(random(16))
              .setSpanId(random(8))
              .setName("span of " + product)
              .addAttributes(text("padding", padding)));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().setResource(resource(product)).addScopeSpans(scope))
        .build();
  }

  static ExportLogsServiceRequest logs(String product, int count, String body) {
    var scope = ScopeLogs.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecords(
          LogRecord.newBuilder().setBody(AnyValue.newBuilder().setStringValue(body)));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder().setResource(resource(product)).addScopeLogs(scope))
        .build();
  }

  static ExportMetricsServiceRequest points(String product, int count) {
    var gauge = Gauge.newBuilder();
    for (int i = 0; i < count; i++) {
      gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource(product))
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("rows").setGauge(gauge))))
        .build();
  }

  static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static ByteString random(int length) {
    byte[] bytes = new byte[length];
    ThreadLocalRandom.current().nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
