package dev.floe.telemetry.receive;

import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.wire.GrpcStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not accepted, in the words of both protocols.
 *
 * @param httpStatus of OTLP/HTTP
 * @param grpcStatus of OTLP/gRPC, and the code in the body of OTLP/HTTP
 * @param retryAfter when to come back; null where coming back changes nothing
 */
record Refusal(
    RefusalReason reason,
    int httpStatus,
    int grpcStatus,
    String message,
    @Nullable Duration retryAfter) {

  static Refusal unauthenticated(boolean sentNone) {
    return new Refusal(
        RefusalReason.UNAUTHENTICATED,
        401,
        GrpcStatus.UNAUTHENTICATED,
        sentNone
            ? "send the header authorization: Bearer <token>"
            : "this token is not known to the gateway",
        null);
  }

  static Refusal malformed(String message) {
    return new Refusal(RefusalReason.MALFORMED, 400, GrpcStatus.INVALID_ARGUMENT, message, null);
  }

  static Refusal tooLarge(long limit) {
    return new Refusal(
        RefusalReason.TOO_LARGE,
        413,
        GrpcStatus.RESOURCE_EXHAUSTED,
        "a request has at most " + limit + " bytes here, also when decompressed; send less at once",
        null);
  }

  /** For a request whose bytes are few and whose parts are many. */
  static Refusal tooComplex(String message) {
    return new Refusal(RefusalReason.TOO_LARGE, 400, GrpcStatus.INVALID_ARGUMENT, message, null);
  }

  /** For a request that did not arrive in time. */
  static Refusal tooSlow(Duration allowed, Duration retryAfter) {
    return new Refusal(
        RefusalReason.TIMED_OUT,
        503,
        GrpcStatus.UNAVAILABLE,
        "the request did not arrive within " + allowed.toMillis() + " ms; send it again",
        retryAfter);
  }

  /** For a request that could not be worked on in time. */
  static Refusal overdue(Duration retryAfter) {
    return new Refusal(
        RefusalReason.TIMED_OUT,
        503,
        GrpcStatus.UNAVAILABLE,
        "the gateway is too busy to work on the request in time; send it again later",
        retryAfter);
  }

  static Refusal unsupported(int httpStatus, String message) {
    return new Refusal(
        RefusalReason.UNSUPPORTED, httpStatus, GrpcStatus.UNIMPLEMENTED, message, null);
  }

  static Refusal full(String what, Duration retryAfter) {
    return new Refusal(
        RefusalReason.FULL,
        503,
        GrpcStatus.UNAVAILABLE,
        what + "; send it again later",
        retryAfter);
  }

  static Refusal stopping(Duration retryAfter) {
    return new Refusal(
        RefusalReason.STOPPING,
        503,
        GrpcStatus.UNAVAILABLE,
        "the gateway is being stopped; send it again later",
        retryAfter);
  }

  static Refusal internal() {
    return new Refusal(
        RefusalReason.INTERNAL, 500, GrpcStatus.INTERNAL, "the gateway failed; see its log", null);
  }
}
