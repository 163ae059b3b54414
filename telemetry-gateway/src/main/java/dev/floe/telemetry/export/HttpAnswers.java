package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.RpcStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads answers as OTLP/HTTP has them (OTLP specification, "OTLP/HTTP Response"). */
final class HttpAnswers {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final byte[] NONE = {};
  private static final Duration LONGEST = Duration.ofHours(1);

  private HttpAnswers() {}

  /**
   * What a response says besides its body.
   *
   * @param contentType the header, null where there is none
   * @param retryAfter the header, null where there is none
   * @param location the header, null where there is none
   */
  record Head(
      int status,
      @Nullable String contentType,
      @Nullable String retryAfter,
      @Nullable String location) {}

  /**
   * Reads an answer. Redirects are not followed, for a redirect could send credentials to another
   * host; like a page for people in place of an OTLP answer they are a fault of the configuration,
   * and what was sent is kept while it lasts.
   *
   * @param body what stands in it, of whatever type
   * @param now to read a {@code Retry-After} that is a date
   */
  static Answer read(Head head, byte[] body, Instant now) {
    int status = head.status();
    var type =
        head.contentType() == null ? "" : head.contentType().toLowerCase(Locale.ROOT).strip();
    byte[] message = type.startsWith(PROTOBUF) ? body : NONE;
    if (status >= 200 && status < 300) {
      return type.startsWith("text/html") || type.startsWith("application/xhtml")
          ? new Answer.Later(
              null,
              "HTTP %d with a page (%s), which is not an answer of an OTLP receiver: check the endpoint"
                  .formatted(status, BackendText.line(type)))
          : taken(message);
    }
    if (status >= 300 && status < 400) {
      return new Answer.Later(null, redirect(status, head.location()));
    }
    var why = "HTTP " + status + words(message);
    return switch (status) {
      case 429, 502, 503, 504 -> new Answer.Later(retryAfter(head.retryAfter(), now), why);
      case 400, 413, 422 -> new Answer.Refused(true, why);
      default -> new Answer.Refused(false, why);
    };
  }

  static String redirect(int status, @Nullable String location) {
    return "HTTP %d, a redirect to %s, is not followed: set the endpoint to where telemetry is taken"
        .formatted(status, BackendText.location(location));
  }

  static Answer taken(byte[] body) {
    try {
      var response = ExportResponse.parse(body);
      return new Answer.Taken(response.rejectedItems(), BackendText.line(response.message()));
    } catch (MalformedTelemetryException e) {
      // It said yes; what else it said cannot be read.
      return new Answer.Taken(0, "");
    }
  }

  private static String words(byte[] body) {
    try {
      var message = body.length == 0 ? "" : RpcStatus.parse(body).message();
      return message.isBlank() ? "" : ": " + BackendText.line(message);
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
