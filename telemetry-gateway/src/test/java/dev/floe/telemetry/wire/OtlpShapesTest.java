package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shapes are those of opentelemetry-proto, field by field. */
class OtlpShapesTest {

  @ParameterizedTest
  @EnumSource
  void shapesAgreeWithTheDescriptors(Signal signal) {
    // Given
    var group =
        RandomTelemetry.prototype(signal)
            .getDescriptorForType()
            .findFieldByNumber(1)
            .getMessageType();
    // When, then
    assertSame(signal.group(), group, new HashSet<>());
  }

  private static void assertSame(MessageShape shape, Descriptor type, Set<String> seen) {
    if (!seen.add(type.getFullName())) {
      return;
    }
    assertThat(shape.name).isEqualTo(type.getName());
    for (FieldDescriptor field : type.getFields()) {
      if (field.getNumber() > 16) {
        continue;
      }
      byte kind = shape.kind(field.getNumber());
      assertThat(kind).as(field.getFullName()).isIn(expected(field));
      if (kind == MessageShape.MESSAGE) {
        assertSame(shape.child(field.getNumber()), field.getMessageType(), seen);
      }
    }
    assertThat(Arrays.stream(shape.fields()).boxed())
        .as("fields of %s", type.getFullName())
        .allMatch(number -> type.findFieldByNumber(number) != null);
  }

  private static Object[] expected(FieldDescriptor field) {
    if (field.isPacked()) {
      return new Object[] {
        field.getType() == FieldDescriptor.Type.UINT64
            ? MessageShape.VARINTS
            : MessageShape.FIXED64S
      };
    }
    return switch (field.getType()) {
      case STRING -> new Object[] {MessageShape.TEXT};
      case MESSAGE -> new Object[] {MessageShape.MESSAGE};
      case FIXED64, SFIXED64, DOUBLE -> new Object[] {MessageShape.FIXED64};
      case FIXED32, SFIXED32, FLOAT -> new Object[] {MessageShape.FIXED32};
      case BYTES ->
          switch (field.getName()) {
            case "trace_id" -> new Object[] {MessageShape.TRACE_ID};
            case "span_id", "parent_span_id" -> new Object[] {MessageShape.SPAN_ID};
            default -> new Object[] {MessageShape.BYTES};
          };
      default -> new Object[] {MessageShape.VARINT};
    };
  }
}
