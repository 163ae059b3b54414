package dev.floe.launcher.database;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads columns of native queries, and writes their parameters. */
public final class Columns {
  private Columns() {}

  /** A {@code timestamptz} that may be null. */
  public static @Nullable Instant instant(@Nullable Object column) {
    return switch (column) {
      case null -> null;
      case Instant instant -> instant;
      case OffsetDateTime time -> time.toInstant();
      default -> throw new IllegalStateException("no time: " + column.getClass());
    };
  }

  /** Any number that is not null. */
  public static long number(@Nullable Object column) {
    return ((Number) Objects.requireNonNull(column)).longValue();
  }

  /** A duration as {@code make_interval(secs => …)} takes it. */
  public static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
