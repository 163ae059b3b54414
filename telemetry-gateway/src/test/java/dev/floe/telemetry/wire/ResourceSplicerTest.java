package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.ArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is spliced parses equal to decoding, editing and encoding. */
class ResourceSplicerTest {
  private static final KeyValue PRODUCT = text("floe.product", "weather");
  private static final KeyValue NODE = text("k8s.node.name", "n1");

  @Property(tries = 1000)
  void addsWhatIsAbsent(@ForAll Signal signal, @ForAll long seed) throws Exception {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    var edits =
        AttributeEdits.builder()
            .ifAbsent(AttributeKey.of("floe.product"), "weather")
            .ifAbsent(AttributeKey.of("k8s.node.name"), "n1")
            .build();
    // When
    byte[] spliced = splice(OtlpRequest.parse(signal, bytes), edits);
    // Then
    assertThat(RandomTelemetry.decode(signal, spliced))
        .isEqualTo(decodedAndEdited(signal, bytes, false));
    assertThat(OtlpRequest.parse(signal, spliced).items())
        .isEqualTo(OtlpRequest.parse(signal, bytes).items());
  }

  @Property(tries = 1000)
  void replacesWhatIsClaimed(@ForAll Signal signal, @ForAll long seed) throws Exception {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    var edits =
        AttributeEdits.builder()
            .set(AttributeKey.of("floe.product"), "weather")
            .set(AttributeKey.of("k8s.node.name"), "n1")
            .build();
    // When
    byte[] spliced = splice(OtlpRequest.parse(signal, bytes), edits);
    // Then
    assertThat(RandomTelemetry.decode(signal, spliced))
        .isEqualTo(decodedAndEdited(signal, bytes, true));
  }

  @Property(tries = 300)
  void leavesBytesAloneWhereNothingChanges(@ForAll Signal signal, @ForAll long seed) {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    var edits = AttributeEdits.builder().remove(AttributeKey.of("not.there")).build();
    // When
    byte[] spliced = splice(OtlpRequest.parse(signal, bytes), edits);
    // Then
    assertThat(spliced).isEqualTo(bytes);
  }

  @Property(tries = 300)
  void splicingTwiceIsSplicingOnce(@ForAll Signal signal, @ForAll long seed) {
    // Given
    byte[] bytes = new RandomTelemetry(seed).request(signal).toByteArray();
    var edits =
        AttributeEdits.builder()
            .set(AttributeKey.of("floe.product"), "weather")
            .ifAbsent(AttributeKey.of("k8s.node.name"), "n1")
            .build();
    byte[] once = splice(OtlpRequest.parse(signal, bytes), edits);
    var again = OtlpRequest.parse(signal, once);
    // When, then
    assertThat(again.groups()).noneMatch(group -> ResourceSplicer.changes(group, edits));
  }

  @Test
  void joinsResourcesThatCameInParts() throws Exception {
    // Given: protobuf lets a field of a message come several times, and merges
    byte[] one =
        ResourceSpans.newBuilder()
            .setResource(Resource.newBuilder().addAttributes(text("a", "1")))
            .setSchemaUrl("s")
            .build()
            .toByteArray();
    byte[] two =
        ResourceSpans.newBuilder()
            .setResource(Resource.newBuilder().addAttributes(text("b", "2")))
            .build()
            .toByteArray();
    byte[] bytes =
        new WireWriter(100)
            .header(1, one.length + two.length)
            .raw(one, 0, one.length)
            .raw(two, 0, two.length)
            .toByteArray();
    var edits =
        AttributeEdits.builder()
            .ifAbsent(AttributeKey.of("b"), "3")
            .ifAbsent(AttributeKey.of("c"), "3")
            .build();
    // When
    byte[] spliced = splice(OtlpRequest.parse(Signal.TRACES, bytes), edits);
    // Then
    var resource = ExportTraceServiceRequest.parseFrom(spliced).getResourceSpans(0);
    assertThat(resource.getResource().getAttributesList())
        .containsExactly(text("a", "1"), text("b", "2"), text("c", "3"));
    assertThat(resource.getSchemaUrl()).isEqualTo("s");
  }

  @Property(tries = 300)
  void requestsEndToEndAreOneRequest(@ForAll Signal signal, @ForAll long first, @ForAll long second)
      throws Exception {
    // Given
    var one = new RandomTelemetry(first).request(signal);
    var two = new RandomTelemetry(second).request(signal);
    // When
    byte[] joined =
        new WireWriter(100)
            .raw(one.toByteArray(), 0, one.getSerializedSize())
            .raw(two.toByteArray(), 0, two.getSerializedSize())
            .toByteArray();
    // Then
    assertThat(RandomTelemetry.decode(signal, joined))
        .isEqualTo(
            RandomTelemetry.prototype(signal).toBuilder()
                .mergeFrom(RandomTelemetry.decode(signal, one.toByteArray()))
                .mergeFrom(RandomTelemetry.decode(signal, two.toByteArray()))
                .build());
  }

  private static byte[] splice(OtlpRequest request, AttributeEdits edits) {
    var splicer = new ResourceSplicer(16);
    request.groups().forEach(group -> splicer.append(group, edits));
    return splicer.toByteArray();
  }

  /** The long way round: decode everything, edit, and leave encoding to protobuf. */
  private static Message decodedAndEdited(Signal signal, byte[] bytes, boolean replace)
      throws Exception {
    var request = RandomTelemetry.decode(signal, bytes).toBuilder();
    var groups = request.getDescriptorForType().findFieldByNumber(1);
    for (int i = 0; i < request.getRepeatedFieldCount(groups); i++) {
      var group = ((Message) request.getRepeatedField(groups, i)).toBuilder();
      var resourceField = group.getDescriptorForType().findFieldByNumber(1);
      var resource = ((Resource) group.getField(resourceField)).toBuilder();
      var attributes = new ArrayList<>(resource.getAttributesList());
      boolean changed = false;
      for (var wanted : new KeyValue[] {PRODUCT, NODE}) {
        if (replace) {
          boolean had = attributes.contains(wanted);
          attributes.removeIf(a -> a.getKey().equals(wanted.getKey()) && !a.equals(wanted));
          if (!had) {
            attributes.add(wanted);
          }
          changed = true;
        } else if (attributes.stream().noneMatch(a -> a.getKey().equals(wanted.getKey()))) {
          attributes.add(wanted);
          changed = true;
        }
      }
      if (changed) {
        group.setField(
            resourceField, resource.clearAttributes().addAllAttributes(attributes).build());
      }
      request.setRepeatedField(groups, i, group.build());
    }
    return request.build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
