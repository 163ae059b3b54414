package dev.floe.telemetry.wire;

import static dev.floe.telemetry.wire.MessageShape.BYTES;
import static dev.floe.telemetry.wire.MessageShape.FIXED32;
import static dev.floe.telemetry.wire.MessageShape.FIXED64;
import static dev.floe.telemetry.wire.MessageShape.FIXED64S;
import static dev.floe.telemetry.wire.MessageShape.SPAN_ID;
import static dev.floe.telemetry.wire.MessageShape.TEXT;
import static dev.floe.telemetry.wire.MessageShape.TRACE_ID;
import static dev.floe.telemetry.wire.MessageShape.VARINT;
import static dev.floe.telemetry.wire.MessageShape.VARINTS;

/**
 * The messages of OTLP 1.x, field by field (opentelemetry-proto; a test compares them with its
 * descriptors).
 */
final class OtlpShapes {
  static final MessageShape KEY_VALUE = new MessageShape("KeyValue");
  static final MessageShape ANY_VALUE = new MessageShape("AnyValue");

  static {
    ANY_VALUE
        .with(TEXT, 1)
        .with(VARINT, 2, 3)
        .with(FIXED64, 4)
        .with(new MessageShape("ArrayValue").with(ANY_VALUE, 1), 5)
        .with(new MessageShape("KeyValueList").with(KEY_VALUE, 1), 6)
        .with(BYTES, 7);
    KEY_VALUE.with(TEXT, 1).with(ANY_VALUE, 2);
  }

  static final MessageShape RESOURCE =
      new MessageShape("Resource")
          .with(KEY_VALUE, 1)
          .with(VARINT, 2)
          .with(new MessageShape("EntityRef").with(TEXT, 1, 2, 3, 4), 3);

  private static final MessageShape SCOPE =
      new MessageShape("InstrumentationScope").with(TEXT, 1, 2).with(KEY_VALUE, 3).with(VARINT, 4);

  static final MessageShape SPAN =
      new MessageShape("Span")
          .counted()
          .with(TRACE_ID, 1)
          .with(SPAN_ID, 2, 4)
          .with(TEXT, 3, 5)
          .with(VARINT, 6, 10, 12, 14)
          .with(FIXED64, 7, 8)
          .with(KEY_VALUE, 9)
          .with(
              new MessageShape("Event")
                  .with(FIXED64, 1)
                  .with(TEXT, 2)
                  .with(KEY_VALUE, 3)
                  .with(VARINT, 4),
              11)
          .with(
              new MessageShape("Link")
                  .with(TRACE_ID, 1)
                  .with(SPAN_ID, 2)
                  .with(TEXT, 3)
                  .with(KEY_VALUE, 4)
                  .with(VARINT, 5)
                  .with(FIXED32, 6),
              13)
          .with(new MessageShape("Status").with(TEXT, 2).with(VARINT, 3), 15)
          .with(FIXED32, 16);

  private static final MessageShape EXEMPLAR =
      new MessageShape("Exemplar")
          .with(FIXED64, 2, 3, 6)
          .with(SPAN_ID, 4)
          .with(TRACE_ID, 5)
          .with(KEY_VALUE, 7);

  private static final MessageShape NUMBER_POINT =
      new MessageShape("NumberDataPoint")
          .counted()
          .with(FIXED64, 2, 3, 4, 6)
          .with(EXEMPLAR, 5)
          .with(KEY_VALUE, 7)
          .with(VARINT, 8);

  private static final MessageShape HISTOGRAM_POINT =
      new MessageShape("HistogramDataPoint")
          .counted()
          .with(FIXED64, 2, 3, 4, 5, 11, 12)
          .with(FIXED64S, 6, 7)
          .with(EXEMPLAR, 8)
          .with(KEY_VALUE, 9)
          .with(VARINT, 10);

  private static final MessageShape BUCKETS =
      new MessageShape("Buckets").with(VARINT, 1).with(VARINTS, 2);

  private static final MessageShape EXPONENTIAL_POINT =
      new MessageShape("ExponentialHistogramDataPoint")
          .counted()
          .with(KEY_VALUE, 1)
          .with(FIXED64, 2, 3, 4, 5, 7, 12, 13, 14)
          .with(VARINT, 6, 10)
          .with(BUCKETS, 8, 9)
          .with(EXEMPLAR, 11);

  private static final MessageShape SUMMARY_POINT =
      new MessageShape("SummaryDataPoint")
          .counted()
          .with(FIXED64, 2, 3, 4, 5)
          .with(new MessageShape("ValueAtQuantile").with(FIXED64, 1, 2), 6)
          .with(KEY_VALUE, 7)
          .with(VARINT, 8);

  static final MessageShape METRIC =
      new MessageShape("Metric")
          .with(TEXT, 1, 2, 3)
          .with(new MessageShape("Gauge").with(NUMBER_POINT, 1), 5)
          .with(new MessageShape("Sum").with(NUMBER_POINT, 1).with(VARINT, 2, 3), 7)
          .with(new MessageShape("Histogram").with(HISTOGRAM_POINT, 1).with(VARINT, 2), 9)
          .with(
              new MessageShape("ExponentialHistogram").with(EXPONENTIAL_POINT, 1).with(VARINT, 2),
              10)
          .with(new MessageShape("Summary").with(SUMMARY_POINT, 1), 11)
          .with(KEY_VALUE, 12);

  static final MessageShape LOG_RECORD =
      new MessageShape("LogRecord")
          .counted()
          .with(FIXED64, 1, 11)
          .with(VARINT, 2, 7)
          .with(TEXT, 3, 12)
          .with(ANY_VALUE, 5)
          .with(KEY_VALUE, 6)
          .with(FIXED32, 8)
          .with(TRACE_ID, 9)
          .with(SPAN_ID, 10);

  private OtlpShapes() {}

  /**
   * @return the shape of what a request holds per resource, where each scope holds {@code item}s
   */
  static MessageShape group(String kind, MessageShape item) {
    return new MessageShape("Resource" + kind)
        .with(RESOURCE, 1)
        .with(new MessageShape("Scope" + kind).with(SCOPE, 1).with(item, 2).with(TEXT, 3), 2)
        .with(TEXT, 3);
  }
}
