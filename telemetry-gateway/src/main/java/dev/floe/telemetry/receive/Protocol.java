package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
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
   * @return why it is not accepted, null to go on
   */
  @Nullable Refusal checkHead(HttpServerRequest request, long limit);

  /**
   * Looks at the part of a body that has arrived so far.
   *
   * @return why the rest is not waited for, null to go on
   */
  @Nullable Refusal checkPart(RequestBody body, long limit);

  /**
   * Leaves in the body the OTLP request alone, decompressed.
   *
   * @return why it cannot be, null where it can
   */
  @Nullable Refusal unwrap(HttpServerRequest request, RequestBody body);

  /** Answers a request that was taken. */
  void accept(HttpServerResponse response, ExportResponse answer);

  /** Answers a request that was not taken. */
  void refuse(HttpServerRequest request, Refusal refusal);
}
