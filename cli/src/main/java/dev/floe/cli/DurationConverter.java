package dev.floe.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 30s}, {@code 5m}, {@code 1h30m} and ISO-8601 ({@code PT30S}). */
public final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern SHORT =
      Pattern.compile("(\\d+d)?(\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?", Pattern.CASE_INSENSITIVE);

  /** A moment so far away is still one that a clock can name. */
  private static final Duration LONGEST = Duration.ofDays(365);

  @Override
  public Duration convert(String text) {
    try {
      var duration =
          SHORT.matcher(text).matches() && !text.isEmpty()
              ? Duration.parse(iso(text))
              : Duration.parse(text);
      if (duration.compareTo(LONGEST) > 0) {
        throw new TypeConversionException("'%s' is too long; at most 365d".formatted(text));
      }
      if (duration.isPositive()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // answered below, together with what is not positive
    }
    throw new TypeConversionException(
        "Invalid duration '%s': write for example 30s, 5m or PT30S".formatted(text));
  }

  private static String iso(String text) {
    var upper = text.toUpperCase(Locale.ROOT);
    var days = upper.indexOf('D') + 1;
    return "P"
        + upper.substring(0, days)
        + (days < upper.length() ? "T" : "")
        + upper.substring(days);
  }
}
