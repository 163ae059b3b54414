package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@code google.rpc.Status}: how OTLP/HTTP says what went wrong, and what gRPC puts into {@code
 * grpc-status-details-bin}.
 *
 * @param code a gRPC status code
 * @param message for people
 * @param retryDelay of the {@code google.rpc.RetryInfo} among the details, null where there is none
 */
public record RpcStatus(int code, String message, @Nullable Duration retryDelay) {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final int FIRST = 1 << 3 | WireType.LENGTH;
  private static final int SECOND = 2 << 3 | WireType.LENGTH;
  private static final int THIRD = 3 << 3 | WireType.LENGTH;
  private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

  /**
   * @return the status as protobuf
   */
  public byte[] toByteArray() {
    var status = new WireWriter(64).tag(1, WireType.VARINT).varint(code).text(2, message);
    if (retryDelay != null) {
      var delay = new WireWriter(16).tag(1, WireType.VARINT).varint(retryDelay.toSeconds());
      if (retryDelay.toNanosPart() != 0) {
        delay.tag(2, WireType.VARINT).varint(retryDelay.toNanosPart());
      }
      var info = new WireWriter(32).bytes(1, delay.toByteArray());
      var any = new WireWriter(96).text(1, RETRY_INFO).bytes(2, info.toByteArray());
      status.bytes(3, any.toByteArray());
    }
    return status.toByteArray();
  }

  /**
   * Reads a status that another sent.
   *
   * @throws MalformedTelemetryException if it is not one
   */
  public static RpcStatus parse(byte[] bytes) {
    int code = 0;
    String message = "";
    Duration delay = null;
    var cursor = new WireCursor(bytes, 0);
    while (cursor.position < bytes.length) {
      int tag = cursor.tag(bytes.length);
      switch (tag) {
        case 1 << 3 -> code = (int) cursor.varint(bytes.length);
        case SECOND -> message = text(cursor, bytes.length);
        case THIRD -> {
          Duration found = detail(cursor, cursor.lengthEnd(bytes.length));
          delay = found == null ? delay : found;
        }
        default -> cursor.skip(tag, bytes.length);
      }
    }
    return new RpcStatus(code, message, delay);
  }

  private static @Nullable Duration detail(WireCursor cursor, int end) {
    String type = "";
    Duration delay = null;
    while (cursor.position < end) {
      int tag = cursor.tag(end);
      if (tag == FIRST) {
        type = text(cursor, end);
      } else if (tag == SECOND && type.equals(RETRY_INFO)) {
        delay = retryInfo(cursor, cursor.lengthEnd(end));
      } else {
        cursor.skip(tag, end);
      }
    }
    return delay;
  }

  private static Duration retryInfo(WireCursor cursor, int end) {
    long seconds = 0;
    long nanos = 0;
    while (cursor.position < end) {
      int tag = cursor.tag(end);
      if (tag != FIRST) {
        cursor.skip(tag, end);
        continue;
      }
      int delayEnd = cursor.lengthEnd(end);
      while (cursor.position < delayEnd) {
        int inner = cursor.tag(delayEnd);
        switch (inner) {
          case 1 << 3 -> seconds = cursor.varint(delayEnd);
          case 2 << 3 -> nanos = cursor.varint(delayEnd);
          default -> cursor.skip(inner, delayEnd);
        }
      }
    }
    return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_SECONDS))
        .plusNanos(Math.clamp(nanos, 0, 999_999_999));
  }

  /**
   * Reads a text field whose tag was read already; what is not UTF-8 is replaced, for these are
   * words for people.
   */
  static String text(WireCursor cursor, int end) {
    int textEnd = cursor.lengthEnd(end);
    int start = cursor.position;
    cursor.position = textEnd;
    return new String(cursor.bytes, start, textEnd - start, StandardCharsets.UTF_8);
  }
}
