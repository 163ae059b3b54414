package dev.floe.launcher.runtime.kubernetes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Names a line of a container's log in a way that survives rotation: by the time the container
 * runtime gave it and its content.
 *
 * @param nanos the line's time, nanoseconds since the epoch
 * @param ordinal which of the adjacent lines of that time, from 1; 0: the place before the first
 * @param hash of the line's content, 0 for ordinal 0
 */
record LogMarker(long nanos, int ordinal, long hash) {
  private static final long SECOND = 1_000_000_000L;

  /** As {@link #toString} writes it; null where it is none. */
  static @Nullable LogMarker parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var parts = text.split("/", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      return new LogMarker(
          Long.parseLong(parts[0]),
          Integer.parseInt(parts[1]),
          Long.parseUnsignedLong(parts[2], 16));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Its time as the API takes it, which knows whole seconds: never later than the line's. */
  String since() {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND)).toString();
  }

  @Override
  public String toString() {
    return "%d/%d/%s".formatted(nanos, ordinal, Long.toHexString(hash));
  }
}
