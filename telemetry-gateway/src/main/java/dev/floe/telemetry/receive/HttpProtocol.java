package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.RpcStatus;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/HTTP with protobuf bodies. What senders are known to write differently is taken as well: the
 * registered media type {@code application/protobuf}, {@code x-gzip} (RFC 9110 has it equal gzip),
 * and paths with slashes too many.
 */
final class HttpProtocol implements Protocol {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String REGISTERED_PROTOBUF = "application/protobuf";
  private static final String JSON = "application/json";

  private static final Map<String, Signal> SIGNALS =
      Arrays.stream(Signal.values())
          .collect(Collectors.toMap(Signal::httpPath, Function.identity()));

  private final IntSupplier grpcPort;

  /**
   * @param grpcPort where OTLP/gRPC is taken
   */
  HttpProtocol(IntSupplier grpcPort) {
    this.grpcPort = grpcPort;
  }

  /**
   * @return what a path of OTLP/HTTP asks for, null for other paths
   */
  static @Nullable Signal signal(@Nullable String path) {
    return path == null ? null : SIGNALS.get(withoutExtraSlashes(path));
  }

  @Override
  public String label() {
    return "http/protobuf";
  }

  @Override
  public @Nullable Signal signal(HttpServerRequest request) {
    return signal(request.path());
  }

  @Override
  public @Nullable Refusal checkHead(HttpServerRequest request, long limit) {
    if (GrpcProtocol.isGrpc(request)) {
      return Refusal.unsupported(
          415,
          "this port takes OTLP over HTTP; send OTLP over gRPC to port " + grpcPort.getAsInt());
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return Refusal.unsupported(405, "send OTLP with POST");
    }
    var type = mediaType(request);
    if (!type.equals(PROTOBUF) && !type.equals(REGISTERED_PROTOBUF)) {
      return Refusal.unsupported(
          415, "send Content-Type: " + PROTOBUF + "; OTLP in JSON is not taken");
    }
    var encoding = encoding(request);
    if (!encoding.isEmpty() && !encoding.equals("identity") && !isGzip(encoding)) {
      return Refusal.unsupported(
          415, "send Content-Encoding: gzip or none; " + encoding + " is not taken");
    }
    return length(request) > limit ? Refusal.tooLarge(limit) : null;
  }

  @Override
  public @Nullable Refusal checkPart(RequestBody body, long limit) {
    return null;
  }

  @Override
  public boolean mayBePacked(HttpServerRequest request) {
    return isGzip(encoding(request));
  }

  @Override
  public boolean isPacked(RequestBody body, boolean mayBePacked) {
    return mayBePacked;
  }

  @Override
  public @Nullable Refusal unwrap(
      RequestBody body, boolean mayBePacked, int atMost, BooleanSupplier overdue) {
    return mayBePacked ? body.inflate(0, atMost, overdue) : body.join(0);
  }

  @Override
  public Future<Void> accept(HttpServerRequest request, ExportResponse answer) {
    return request
        .response()
        .setStatusCode(200)
        .putHeader("content-type", protobuf(request))
        .end(Buffer.buffer(answer.toByteArray()));
  }

  @Override
  public Future<Void> refuse(HttpServerRequest request, Refusal refusal) {
    if (GrpcProtocol.isGrpc(request)) {
      return GrpcProtocol.refuseCall(request, refusal);
    }
    var response = request.response().setStatusCode(refusal.httpStatus());
    if (refusal.retryAfter() != null) {
      response.putHeader(
          "retry-after", Long.toString(Math.max(1, refusal.retryAfter().toSeconds())));
    }
    switch (refusal.httpStatus()) {
      case 401 -> response.putHeader("www-authenticate", "Bearer");
      case 405 -> response.putHeader("allow", "POST");
      case 415 -> response.putHeader("accept-encoding", "gzip, identity");
      default -> {}
    }
    // The answer comes in the encoding of the question (OTLP specification, "Failures").
    if (mediaType(request).equals(JSON)) {
      return response
          .putHeader("content-type", JSON)
          .end(
              new JsonObject()
                  .put("code", refusal.grpcStatus())
                  .put("message", refusal.message())
                  .toBuffer());
    }
    var status = new RpcStatus(refusal.grpcStatus(), refusal.message(), refusal.retryAfter());
    return response
        .putHeader("content-type", protobuf(request))
        .end(Buffer.buffer(status.toByteArray()));
  }

  /** The length that the head says; 0 where it says none. */
  static long length(HttpServerRequest request) {
    var header = request.getHeader("content-length");
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The answer's media type is the request's, where that is one. */
  private static String protobuf(HttpServerRequest request) {
    return mediaType(request).equals(REGISTERED_PROTOBUF) ? REGISTERED_PROTOBUF : PROTOBUF;
  }

  private static boolean isGzip(String encoding) {
    return encoding.equals("gzip") || encoding.equals("x-gzip");
  }

  /** An endpoint that ends in a slash gives {@code //v1/traces} or {@code /v1/traces/}. */
  private static String withoutExtraSlashes(String path) {
    int from = 0;
    int to = path.length();
    while (from + 1 < to && path.charAt(from) == '/' && path.charAt(from + 1) == '/') {
      from++;
    }
    while (to > from + 1 && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }

  private static String mediaType(HttpServerRequest request) {
    var header = request.getHeader("content-type");
    if (header == null) {
      return "";
    }
    int parameters = header.indexOf(';');
    return (parameters < 0 ? header : header.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static String encoding(HttpServerRequest request) {
    var header = request.getHeader("content-encoding");
    return header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
  }
}
