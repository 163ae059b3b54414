package dev.floe.launcher.trace;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ids of one span and its place in a trace, as W3C Trace Context has them.
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param spanId 16 lower-case hexadecimal digits
 * @param parentSpanId absent for the root
 */
public record TraceContext(
    String traceId, String spanId, @Nullable String parentSpanId, boolean sampled) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** A new span that is the root of a new, sampled trace. */
  public static TraceContext root() {
    return new TraceContext(hex(16), hex(8), null, true);
  }

  /** The context that a caller sent; null when the header is absent or not valid. */
  public static @Nullable TraceContext parse(@Nullable String traceparent) {
    if (traceparent == null) {
      return null;
    }
    var match = TRACEPARENT.matcher(traceparent.strip());
    if (!match.matches()
        || match.group(1).equals("ff")
        || (match.group(1).equals("00") && match.group(5) != null)
        || match.group(2).equals("0".repeat(32))
        || match.group(3).equals("0".repeat(16))) {
      return null;
    }
    var sampled = (Integer.parseInt(match.group(4), 16) & 1) == 1;
    return new TraceContext(match.group(2), match.group(3), null, sampled);
  }

  /** A new span below this one. */
  public TraceContext child() {
    return new TraceContext(traceId, hex(8), spanId, sampled);
  }

  /** A new span beside this one, under the same parent. */
  TraceContext sibling() {
    return new TraceContext(traceId, hex(8), parentSpanId, sampled);
  }

  /** This span as the {@code traceparent} header. */
  public String traceparent() {
    return "00-%s-%s-%s".formatted(traceId, spanId, sampled ? "01" : "00");
  }

  private static String hex(int bytes) {
    var random = new byte[bytes];
    do {
      new SecureRandom().nextBytes(random);
    } while (allZero(random));
    return HexFormat.of().formatHex(random);
  }

  private static boolean allZero(byte[] bytes) {
    for (byte one : bytes) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }
}
