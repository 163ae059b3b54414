package dev.floe.telemetry.wire;

/** The wire types of protobuf that OTLP uses, and how many bytes numbers take. */
final class WireType {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private WireType() {}

  /**
   * @return the bytes that {@code value}, taken as unsigned, needs as a varint: 1 to 5
   */
  static int sizeOfVarint(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  /**
   * @return the bytes that {@code value}, taken as unsigned, needs as a varint: 1 to 10
   */
  static int sizeOfVarint(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /**
   * @return the bytes of a length-delimited field whose number is below 16
   */
  static int sizeOfField(int payload) {
    return 1 + sizeOfVarint(payload) + payload;
  }
}
