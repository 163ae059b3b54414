package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The status codes of gRPC, and how its messages are written into headers. */
public final class GrpcStatus {
  public static final int OK = 0;
  public static final int CANCELLED = 1;
  public static final int UNKNOWN = 2;
  public static final int INVALID_ARGUMENT = 3;
  public static final int DEADLINE_EXCEEDED = 4;
  public static final int NOT_FOUND = 5;
  public static final int RESOURCE_EXHAUSTED = 8;
  public static final int ABORTED = 10;
  public static final int OUT_OF_RANGE = 11;
  public static final int UNIMPLEMENTED = 12;
  public static final int INTERNAL = 13;
  public static final int UNAVAILABLE = 14;
  public static final int DATA_LOSS = 15;
  public static final int UNAUTHENTICATED = 16;

  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatus() {}

  /**
   * @return the code's name, the number itself where gRPC has no such code
   */
  public static String name(int code) {
    return code >= 0 && code < NAMES.size() ? NAMES.get(code) : Integer.toString(code);
  }

  /**
   * @return text as the header {@code grpc-message} carries it: percent-encoded UTF-8
   */
  public static String encode(String message) {
    var encoded = new StringBuilder(message.length());
    for (byte next : message.getBytes(StandardCharsets.UTF_8)) {
      if (next >= 0x20 && next <= 0x7e && next != '%') {
        encoded.append((char) next);
      } else {
        encoded.append(String.format("%%%02X", next & 0xff));
      }
    }
    return encoded.toString();
  }

  /**
   * @return the text of a {@code grpc-message}; what is not well encoded stays as it came
   */
  public static String decode(String header) {
    var bytes = new WireWriter(header.length());
    byte[] one = new byte[1];
    for (int i = 0; i < header.length(); i++) {
      char next = header.charAt(i);
      one[0] = (byte) next;
      if (next == '%' && i + 2 < header.length()) {
        int high = Character.digit(header.charAt(i + 1), 16);
        int low = Character.digit(header.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          one[0] = (byte) (high << 4 | low);
          i += 2;
        }
      }
      bytes.raw(one, 0, 1);
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }
}
