package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What the walker takes, every parser takes; what it refuses, it refuses with its own error. */
class OtlpRequestTest {

  @Property(tries = 500)
  void countsWhatAParserFinds(@ForAll Signal signal, @ForAll long seed) throws Exception {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    // When
    var request = OtlpRequest.parse(signal, bytes);
    // Then
    var decoded = RandomTelemetry.decode(signal, bytes);
    assertThat(request.items()).isEqualTo(RandomTelemetry.items(decoded));
    assertThat(request.groups())
        .hasSize(
            decoded.getRepeatedFieldCount(decoded.getDescriptorForType().findFieldByNumber(1)));
    assertThat(request.groups().stream().mapToInt(ResourceGroup::items).sum())
        .isEqualTo(request.items());
  }

  @Property(tries = 2000)
  void neverFailsOtherwiseOnCutBytes(@ForAll Signal signal, @ForAll long seed, @ForAll int cut) {
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    agreesWithTheParser(signal, Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length + 1)));
  }

  @Property(tries = 5000)
  void neverFailsOtherwiseOnChangedBytes(@ForAll Signal signal, @ForAll long seed) {
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    var random = new Random(seed);
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    agreesWithTheParser(signal, bytes);
  }

  @Property(tries = 2000)
  void neverFailsOtherwiseOnNoise(@ForAll Signal signal, @ForAll byte[] bytes) {
    agreesWithTheParser(signal, bytes);
  }

  private static void agreesWithTheParser(Signal signal, byte[] bytes) {
    OtlpRequest request;
    try {
      request = OtlpRequest.parse(signal, bytes);
    } catch (MalformedTelemetryException refused) {
      assertThat(refused).hasMessageContaining("at byte");
      return;
    }
    // Reading and splicing what was taken never fails either.
    var edits =
        AttributeEdits.builder()
            .set(AttributeKey.of("a"), "b")
            .ifAbsent(AttributeKey.of("c"), "d")
            .build();
    var splicer = new ResourceSplicer(bytes.length);
    for (var group : request.groups()) {
      group.attribute(AttributeKey.of("a"));
      splicer.append(group, edits);
      GroupSplitter.split(signal, group, 64, 2, 1000);
    }
    try {
      var decoded = RandomTelemetry.decode(signal, bytes);
      if (signal != Signal.METRICS) {
        // Of a metric that holds two kinds of points, a parser keeps the last.
        assertThat(request.items()).isEqualTo(RandomTelemetry.items(decoded));
      }
      RandomTelemetry.decode(signal, splicer.toByteArray());
    } catch (InvalidProtocolBufferException refused) {
      throw new AssertionError("taken by the walker, refused by the parser", refused);
    }
  }

  @Test
  void namesALengthThatGoesPastTheEnd() {
    // Given
    byte[] bytes = {0x0a, 0x05, 0x01};
    // When, then
    assertThatThrownBy(() -> OtlpRequest.parse(Signal.TRACES, bytes))
        .isInstanceOf(MalformedTelemetryException.class)
        .hasMessage("length 5 where 1 bytes are left at byte 1");
  }

  @Test
  void refusesAnIdThatIsCutShort() {
    // Given
    var span = Span.newBuilder().setTraceId(ByteString.copyFrom(new byte[15]));
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    // When, then
    assertThatThrownBy(() -> OtlpRequest.parse(Signal.TRACES, bytes))
        .hasMessageContaining("id of 15 bytes, not 16");
  }

  @Test
  void refusesValuesNestedTooDeeply() {
    // Given
    var value = AnyValue.newBuilder().setStringValue("leaf").build();
    for (int i = 0; i < 40; i++) {
      value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
    }
    byte[] bytes = logs(LogRecord.newBuilder().setBody(value).build());
    // When, then
    assertThatThrownBy(() -> OtlpRequest.parse(Signal.LOGS, bytes))
        .hasMessageContaining("more than 64 nested messages");
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    // Given
    byte[] bytes = logs(LogRecord.newBuilder().setSeverityText("WARN").build());
    bytes[bytes.length - 1] = (byte) 0xff;
    // When, then
    assertThatThrownBy(() -> OtlpRequest.parse(Signal.LOGS, bytes))
        .hasMessageContaining("text that is not UTF-8");
  }

  @Test
  void readsResourceAttributes() {
    // Given
    byte[] bytes =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(text("service.name", "weather"))
                            .addAttributes(
                                KeyValue.newBuilder()
                                    .setKey("floe.attempt")
                                    .setValue(AnyValue.newBuilder().setIntValue(2)))))
            .build()
            .toByteArray();
    // When
    var group = OtlpRequest.parse(Signal.LOGS, bytes).groups().getFirst();
    // Then
    assertThat(group.attribute(AttributeKey.of("service.name"))).isEqualTo("weather");
    assertThat(group.attribute(AttributeKey.of("floe.attempt"))).isEqualTo("2");
    assertThat(group.attribute(AttributeKey.of("floe.product"))).isNull();
  }

  private static byte[] logs(LogRecord record) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder().addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
        .build()
        .toByteArray();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
