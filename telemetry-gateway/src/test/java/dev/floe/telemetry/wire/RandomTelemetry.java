package dev.floe.telemetry.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.Random;

/** Requests of every shape that OTLP's descriptors allow, out of a seed. */
final class RandomTelemetry {
  private static final String[] TEXTS = {
    "", "a", "floe.product", "weather", "späte Größe", "日本語のテキスト", "🌦", "0123456789abcdefghij"
  };

  private final Random random;

  RandomTelemetry(long seed) {
    this.random = new Random(seed);
  }

  /**
   * @return a request as opentelemetry-proto has it
   */
  Message request(Signal signal) {
    return message(prototype(signal).getDescriptorForType(), 0);
  }

  static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
    };
  }

  /**
   * @return the request as protobuf's own parser reads it
   */
  static Message decode(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
    return prototype(signal).toBuilder().mergeFrom(bytes).build();
  }

  /**
   * @return spans, data points or log records of a decoded request
   */
  static int items(Message request) {
    return switch (request) {
      case ExportTraceServiceRequest traces ->
          traces.getResourceSpansList().stream()
              .flatMap(group -> group.getScopeSpansList().stream())
              .mapToInt(scope -> scope.getSpansCount())
              .sum();
      case ExportLogsServiceRequest logs ->
          logs.getResourceLogsList().stream()
              .flatMap(group -> group.getScopeLogsList().stream())
              .mapToInt(scope -> scope.getLogRecordsCount())
              .sum();
      case ExportMetricsServiceRequest metrics ->
          metrics.getResourceMetricsList().stream()
              .flatMap(group -> group.getScopeMetricsList().stream())
              .flatMap(scope -> scope.getMetricsList().stream())
              .mapToInt(RandomTelemetry::points)
              .sum();
      default -> throw new IllegalArgumentException(request.getClass().getName());
    };
  }

  private static int points(Metric metric) {
    return metric.getGauge().getDataPointsCount()
        + metric.getSum().getDataPointsCount()
        + metric.getHistogram().getDataPointsCount()
        + metric.getExponentialHistogram().getDataPointsCount()
        + metric.getSummary().getDataPointsCount();
  }

  private Message message(Descriptor type, int depth) {
    var builder = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextInt(10) < 3
          || (depth > 8 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(depth < 3 ? 4 : 3); i > 0; i--) {
          builder.addRepeatedField(field, value(field, depth));
        }
      } else {
        builder.setField(field, value(field, depth));
      }
    }
    return builder.build();
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextBoolean() ? random.nextInt(100) : random.nextInt();
      case LONG -> random.nextBoolean() ? random.nextLong(1000) : random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING -> bytes(field.getName());
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> message(field.getMessageType(), depth + 1);
    };
  }

  private ByteString bytes(String field) {
    int length =
        switch (field) {
          case "trace_id" -> random.nextBoolean() ? 16 : 0;
          case "span_id", "parent_span_id" -> random.nextBoolean() ? 8 : 0;
          default -> random.nextInt(40);
        };
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
