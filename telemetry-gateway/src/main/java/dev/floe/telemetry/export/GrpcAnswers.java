package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.RpcStatus;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads answers as OTLP/gRPC has them (OTLP specification, "Failures" of OTLP/gRPC). */
final class GrpcAnswers {
  private GrpcAnswers() {}

  /**
   * Reads an answer.
   *
   * @param httpStatus of the response that carried it
   * @param location the header {@code location}, null where there is none
   * @param status the trailer {@code grpc-status}, null where there is none
   * @param message the trailer {@code grpc-message}
   * @param details the trailer {@code grpc-status-details-bin}
   * @param body the response message without its prefix
   */
  static Answer read(
      int httpStatus,
      @Nullable String location,
      @Nullable String status,
      @Nullable String message,
      @Nullable String details,
      byte[] body) {
    if (status == null) {
      // What stands between here and the backend answered, not the backend.
      if (httpStatus >= 300 && httpStatus < 400) {
        return new Answer.Later(null, HttpAnswers.redirect(httpStatus, location));
      }
      var why = "HTTP " + httpStatus + " without grpc-status";
      return switch (httpStatus) {
        case 200, 429, 502, 503, 504 -> new Answer.Later(null, why);
        default -> new Answer.Refused(false, why);
      };
    }
    int code = code(status);
    if (code == GrpcStatus.OK) {
      return HttpAnswers.taken(body);
    }
    var delay = retryDelay(details);
    var why =
        "gRPC "
            + GrpcStatus.name(code)
            + (message == null ? "" : ": " + BackendText.line(GrpcStatus.decode(message)));
    return switch (code) {
      case GrpcStatus.CANCELLED,
          GrpcStatus.DEADLINE_EXCEEDED,
          GrpcStatus.ABORTED,
          GrpcStatus.OUT_OF_RANGE,
          GrpcStatus.UNAVAILABLE,
          GrpcStatus.DATA_LOSS ->
          new Answer.Later(delay, why);
      case GrpcStatus.RESOURCE_EXHAUSTED ->
          // Without RetryInfo it means that the request is too large for the backend.
          delay == null ? new Answer.Refused(true, why) : new Answer.Later(delay, why);
      case GrpcStatus.INVALID_ARGUMENT, GrpcStatus.INTERNAL -> new Answer.Refused(true, why);
      default -> new Answer.Refused(false, why);
    };
  }

  private static int code(String status) {
    try {
      return Integer.parseInt(status.strip());
    } catch (NumberFormatException e) {
      return GrpcStatus.UNKNOWN;
    }
  }

  private static @Nullable Duration retryDelay(@Nullable String details) {
    if (details == null) {
      return null;
    }
    try {
      return RpcStatus.parse(Base64.getDecoder().decode(details.strip())).retryDelay();
    } catch (IllegalArgumentException | MalformedTelemetryException e) {
      return null;
    }
  }
}
