package dev.floe.telemetry.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a message of OTLP has and what stands in them: enough to walk it, not to decode it.
 */
final class MessageShape {
  static final byte UNKNOWN = 0;
  static final byte VARINT = 1;
  static final byte FIXED64 = 2;
  static final byte FIXED32 = 3;
  static final byte TEXT = 4;
  static final byte BYTES = 5;
  static final byte MESSAGE = 6;
  static final byte VARINTS = 7;
  static final byte FIXED64S = 8;
  static final byte TRACE_ID = 9;
  static final byte SPAN_ID = 10;

  private static final int FIELDS = 17;

  final String name;
  private final byte[] kinds = new byte[FIELDS];
  private final @Nullable MessageShape[] children = new MessageShape[FIELDS];
  private boolean counted;

  MessageShape(String name) {
    this.name = name;
  }

  /** Says that each of these messages is one item: a span, a data point, a log record. */
  MessageShape counted() {
    counted = true;
    return this;
  }

  MessageShape with(byte kind, int... fields) {
    for (int field : fields) {
      kinds[field] = kind;
    }
    return this;
  }

  MessageShape with(MessageShape child, int... fields) {
    for (int field : fields) {
      kinds[field] = MESSAGE;
      children[field] = child;
    }
    return this;
  }

  boolean isCounted() {
    return counted;
  }

  /**
   * @return what stands in a field, {@link #UNKNOWN} for those that this version of OTLP does not
   *     have
   */
  byte kind(int field) {
    return field < FIELDS ? kinds[field] : UNKNOWN;
  }

  /**
   * @return the shape of the message in a field of kind {@link #MESSAGE}
   */
  MessageShape child(int field) {
    MessageShape child = children[field];
    if (child == null) {
      throw new IllegalArgumentException("no message in field " + field + " of " + name);
    }
    return child;
  }

  /**
   * @return the numbers of the fields that this shape knows, ascending
   */
  int[] fields() {
    int[] known = new int[FIELDS];
    int count = 0;
    for (int field = 1; field < FIELDS; field++) {
      if (kinds[field] != UNKNOWN) {
        known[count++] = field;
      }
    }
    return Arrays.copyOf(known, count);
  }

  /**
   * @return whether a field's kind goes with the wire type it came with; repeated numbers come
   *     packed or one by one
   */
  static boolean fits(byte kind, int wireType) {
    return switch (kind) {
      case VARINT -> wireType == WireType.VARINT;
      case FIXED64 -> wireType == WireType.FIXED64;
      case FIXED32 -> wireType == WireType.FIXED32;
      case VARINTS -> wireType == WireType.VARINT || wireType == WireType.LENGTH;
      case FIXED64S -> wireType == WireType.FIXED64 || wireType == WireType.LENGTH;
      default -> wireType == WireType.LENGTH;
    };
  }
}
