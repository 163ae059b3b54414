package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A divided group holds the same items under the same resource and scopes, in parts of bounded
 * size.
 */
class GroupSplitterTest {

  @Property(tries = 1000)
  void partsHoldEveryItemUnderItsScope(
      @ForAll Signal signal,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 2000) int maxBytes,
      @ForAll @IntRange(min = 1, max = 10) int maxItems)
      throws Exception {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    for (var group : OtlpRequest.parse(signal, bytes).groups()) {
      // When
      var division = GroupSplitter.split(signal, group, maxBytes, maxItems, Integer.MAX_VALUE);
      // Then
      var whole = new ResourceSplicer(16).append(group, AttributeEdits.NONE).toByteArray();
      var together = new ArrayList<String>();
      int items = 0;
      for (var part : division.parts()) {
        var parsed = OtlpRequest.parse(signal, part.bytes());
        assertThat(parsed.items()).isEqualTo(part.items());
        items += part.items();
        together.addAll(itemsWithTheirSurroundings(signal, part.bytes()));
      }
      assertThat(division.leftOut()).isZero();
      assertThat(items).isEqualTo(group.items());
      assertThat(together).isEqualTo(itemsWithTheirSurroundings(signal, whole));
    }
  }

  @Test
  void partsStayBelowTheLimit() {
    // Given
    var group = spans(1000, 0);
    // When
    var division = GroupSplitter.split(Signal.TRACES, group, 10_000, 1_000_000, 1_000_000);
    // Then
    assertThat(division.parts()).hasSizeBetween(3, 200);
    assertThat(division.parts()).allMatch(part -> part.bytes().length <= 10_000);
  }

  @Test
  void aHugeResourceDoesNotMultiplyWhatWasSent() {
    // Given
    var group = spans(1000, 100_000);
    // When
    var division = GroupSplitter.split(Signal.TRACES, group, 1_000, 1_000_000, 1_000_000);
    // Then
    int sum = division.parts().stream().mapToInt(part -> part.bytes().length).sum();
    assertThat(sum).isLessThan(3 * group.length());
  }

  @Test
  void leavesOutItemsThatAreTooLarge() {
    // Given
    var large = Span.newBuilder().setName("x".repeat(5000));
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(large)
                            .addSpans(Span.newBuilder().setName("small"))))
            .build()
            .toByteArray();
    var group = OtlpRequest.parse(Signal.TRACES, bytes).groups().getFirst();
    // When
    var division = GroupSplitter.split(Signal.TRACES, group, 10_000, 100, 1000);
    // Then
    assertThat(group.largestItem()).isGreaterThan(5000);
    assertThat(division.leftOut()).isEqualTo(1);
    assertThat(division.parts()).singleElement().matches(part -> part.items() == 1);
  }

  private static ResourceGroup spans(int count, int resourceBytes) {
    var scope = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addSpans(
          Span.newBuilder().setName("span " + i).setSpanId(ByteString.copyFrom(new byte[8])));
    }
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(
                                KeyValue.newBuilder()
                                    .setKey("k")
                                    .setValue(
                                        AnyValue.newBuilder()
                                            .setStringValue("v".repeat(resourceBytes)))))
                    .addScopeSpans(scope))
            .build()
            .toByteArray();
    return OtlpRequest.parse(Signal.TRACES, bytes).groups().getFirst();
  }

  private static List<String> itemsWithTheirSurroundings(Signal signal, byte[] bytes)
      throws Exception {
    var found = new ArrayList<String>();
    switch (signal) {
      case TRACES ->
          ExportTraceServiceRequest.parseFrom(bytes)
              .getResourceSpansList()
              .forEach(group ->
                  group
                      .getScopeSpansList()
                      .forEach(scope ->
                          scope
                              .getSpansList()
                              .forEach(item ->
                                  found.add(
                                      group.getResource()
                                          + group.getSchemaUrl()
                                          + scope.getScope()
                                          + scope.getSchemaUrl()
                                          + item))));
      case METRICS ->
          ExportMetricsServiceRequest.parseFrom(bytes)
              .getResourceMetricsList()
              .forEach(group ->
                  group
                      .getScopeMetricsList()
                      .forEach(scope ->
                          scope
                              .getMetricsList()
                              .forEach(item ->
                                  found.add(
                                      group.getResource()
                                          + group.getSchemaUrl()
                                          + scope.getScope()
                                          + scope.getSchemaUrl()
                                          + item))));
      case LOGS ->
          ExportLogsServiceRequest.parseFrom(bytes)
              .getResourceLogsList()
              .forEach(group ->
                  group
                      .getScopeLogsList()
                      .forEach(scope ->
                          scope
                              .getLogRecordsList()
                              .forEach(item ->
                                  found.add(
                                      group.getResource()
                                          + group.getSchemaUrl()
                                          + scope.getScope()
                                          + scope.getSchemaUrl()
                                          + item))));
    }
    return found;
  }
}
