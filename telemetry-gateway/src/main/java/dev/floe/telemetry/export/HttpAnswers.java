package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.RpcStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads answers as OTLP/HTTP has them (OTLP specification, "OTLP/HTTP Response"). */
final class HttpAnswers {
  private static final Duration LONGEST = Duration.ofHours(1);

  private HttpAnswers() {}

  /**
   * @param retryAfter the header, null where there is none
   * @param body protobuf; empty where it was anything else
   * @param now to read a {@code Retry-After} that is a date
   */
  static Answer read(int status, @Nullable String retryAfter, byte[] body, Instant now) {
    if (status >= 200 && status < 300) {
      return taken(body);
    }
    var why = "HTTP " + status + words(body);
    return switch (status) {
      case 429, 502, 503, 504 -> new Answer.Later(retryAfter(retryAfter, now), why);
      case 400, 413, 422 -> new Answer.Refused(true, why);
      default -> new Answer.Refused(false, why);
    };
  }

  static Answer taken(byte[] body) {
    try {
      var response = ExportResponse.parse(body);
      return new Answer.Taken(response.rejectedItems(), response.message());
    } catch (MalformedTelemetryException e) {
      // It said yes; what else it said cannot be read.
      return new Answer.Taken(0, "");
    }
  }

  private static String words(byte[] body) {
    try {
      var message = body.length == 0 ? "" : RpcStatus.parse(body).message();
      return message.isBlank() ? "" : ": " + message;
    } catch (MalformedTelemetryException e) {
      return "";
    }
  }

  /** Seconds or a date (RFC 9110, section 10.2.3), at most an hour. */
  static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    Duration asked;
    try {
      asked = Duration.ofSeconds(Long.parseLong(header.strip()));
    } catch (NumberFormatException notSeconds) {
      try {
        var date = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        asked = Duration.between(now, date.toInstant());
      } catch (DateTimeParseException neither) {
        return null;
      }
    }
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
