package dev.floe.telemetry.wire;

/**
 * An {@code Export…ServiceResponse}; the three signals share one shape.
 *
 * @param rejectedItems spans, data points or log records that were refused for good, 0 when all
 *     were taken
 * @param message why, or a warning; empty for none
 */
public record ExportResponse(long rejectedItems, String message) {
  /** All items were taken. */
  public static final ExportResponse COMPLETE = new ExportResponse(0, "");

  /**
   * @return the response as protobuf
   */
  public byte[] toByteArray() {
    if (rejectedItems == 0 && message.isEmpty()) {
      return new byte[0];
    }
    var partial = new WireWriter(32);
    if (rejectedItems != 0) {
      partial.tag(1, WireType.VARINT).varint(rejectedItems);
    }
    if (!message.isEmpty()) {
      partial.text(2, message);
    }
    return new WireWriter(64).bytes(1, partial.toByteArray()).toByteArray();
  }

  /**
   * Reads a backend's response.
   *
   * @throws MalformedTelemetryException if it is not one
   */
  public static ExportResponse parse(byte[] bytes) {
    long rejected = 0;
    String message = "";
    var cursor = new WireCursor(bytes, 0);
    while (cursor.position < bytes.length) {
      int tag = cursor.tag(bytes.length);
      if (tag != (1 << 3 | WireType.LENGTH)) {
        cursor.skip(tag, bytes.length);
        continue;
      }
      int end = cursor.lengthEnd(bytes.length);
      while (cursor.position < end) {
        int inner = cursor.tag(end);
        switch (inner) {
          case 1 << 3 -> rejected = cursor.varint(end);
          case 2 << 3 | WireType.LENGTH -> message = RpcStatus.text(cursor, end);
          default -> cursor.skip(inner, end);
        }
      }
    }
    return new ExportResponse(Math.max(0, rejected), message);
  }
}
