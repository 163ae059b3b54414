package dev.floe.launcher.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Reads the time that the kubelet writes before each line: RFC 3339 with nine digits of a second.
 * The part that lines share, down to the minute, is parsed once.
 */
final class LogTimestamp {
  /** Longest one: {@code 2026-01-31T12:00:00.123456789+00:00}. */
  static final int LONGEST = 35;

  /** What {@link #nanos} answers where there is no time. */
  static final long NONE = Long.MIN_VALUE;

  private static final int MINUTE = 17;
  private static final int ZONE = 29;
  private static final long SECOND = 1_000_000_000L;

  private byte[] minute = {};
  private byte[] zone = {};
  private long minuteNanos;

  /** Nanoseconds since the epoch, or {@link #NONE}. */
  long nanos(byte[] text, int length) {
    if (length <= ZONE || length > LONGEST || text[ZONE - 10] != '.') {
      return NONE;
    }
    if (!Arrays.equals(text, 0, MINUTE, minute, 0, minute.length)
        || !Arrays.equals(text, ZONE, length, zone, 0, zone.length)) {
      if (!parseMinute(text, length)) {
        return NONE;
      }
    }
    long seconds = digits(text, MINUTE, 2);
    long fraction = digits(text, ZONE - 9, 9);
    return seconds < 0 || fraction < 0 ? NONE : minuteNanos + seconds * SECOND + fraction;
  }

  private boolean parseMinute(byte[] text, int length) {
    var front = new String(text, 0, MINUTE, US_ASCII);
    var back = new String(text, ZONE, length - ZONE, US_ASCII);
    try {
      minuteNanos = OffsetDateTime.parse(front + "00" + back).toEpochSecond() * SECOND;
    } catch (DateTimeException e) {
      return false;
    }
    minute = Arrays.copyOf(text, MINUTE);
    zone = Arrays.copyOfRange(text, ZONE, length);
    return true;
  }

  private static long digits(byte[] text, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
