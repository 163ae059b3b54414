package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What differs between OTLP/gRPC and OTLP/HTTP. */
sealed interface Protocol permits GrpcProtocol, HttpProtocol {
  /**
   * @return the name as it stands in configuration and status
   */
  String label();

  /**
   * @return what the request's path asks for, null where nothing is served
   */
  @Nullable Signal signal(HttpServerRequest request);

  /**
   * Looks at the head of a request.
   *
   * @return why it is not accepted, null to continue
   */
  @Nullable Refusal checkHead(HttpServerRequest request, long limit);

  /**
   * Looks at the part of a body that has arrived so far.
   *
   * @return why the rest is not waited for, null to continue
   */
  @Nullable Refusal checkPart(RequestBody body, long limit);

  /**
   * @return whether the head says that the body, or its message, may be compressed with gzip
   */
  boolean mayBePacked(HttpServerRequest request);

  /**
   * @param mayBePacked what {@link #mayBePacked} says
   * @return whether a body that arrived is compressed: it may become a thousand times as much
   */
  boolean isPacked(RequestBody body, boolean mayBePacked);

  /**
   * Leaves in the body the OTLP request alone, decompressed.
   *
   * @param mayBePacked what {@link #mayBePacked} says
   * @param atMost bytes that a compressed one may become; one that is refused for this can be
   *     unwrapped again
   * @param overdue true once this takes too long
   * @return why it cannot be, null where it can
   */
  @Nullable Refusal unwrap(
      RequestBody body, boolean mayBePacked, int atMost, BooleanSupplier overdue);

  /**
   * Answers a request that was taken.
   *
   * @return when the answer was written
   */
  Future<Void> accept(HttpServerRequest request, ExportResponse answer);

  /**
   * Answers a request that was not taken.
   *
   * @return when the answer was written
   */
  Future<Void> refuse(HttpServerRequest request, Refusal refusal);
}
