package dev.floe.kit.rest;

import dev.floe.kit.problem.FloeException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters that are ISO-8601 instants, for example {@code 2026-01-31T12:00:00Z}. */
public final class InstantParameter {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /** An offset whose plus sign was read as a space. */
  private static final Pattern UNESCAPED_PLUS = Pattern.compile("(.*\\d) (\\d\\d(:?\\d\\d)?)");

  private InstantParameter() {}

  /**
   * The instant that a parameter holds; null without one.
   *
   * @throws FloeException when it is none, or its year is not between 1 and 9999
   */
  public static @Nullable Instant read(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Instant instant;
    try {
      instant = Instant.parse(text);
    } catch (DateTimeException e) {
      var plus = UNESCAPED_PLUS.matcher(text);
      throw FloeException.invalid(
          name,
          plus.matches()
              ? "a '+' means a space in a query; write %s%%2B%s"
                  .formatted(plus.group(1), plus.group(2))
              : "is not an ISO-8601 instant; write for example 2026-01-31T12:00:00Z");
    }
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw FloeException.invalid(name, "must be between the years 1 and 9999");
    }
    return instant;
  }
}
