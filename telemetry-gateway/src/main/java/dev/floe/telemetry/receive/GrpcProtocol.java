package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.RpcStatus;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/gRPC: unary calls over HTTP/2, each message after a byte that says whether it is compressed
 * and four that say its length.
 */
final class GrpcProtocol implements Protocol {
  private static final int PREFIX = 5;
  private static final String GRPC = "application/grpc";

  private static final Map<String, Signal> SIGNALS =
      Arrays.stream(Signal.values())
          .collect(Collectors.toMap(Signal::grpcPath, Function.identity()));

  private final IntSupplier httpPort;

  /**
   * @param httpPort where OTLP/HTTP is taken
   */
  GrpcProtocol(IntSupplier httpPort) {
    this.httpPort = httpPort;
  }

  /**
   * @return whether a request comes from a gRPC client
   */
  static boolean isGrpc(HttpServerRequest request) {
    var type = request.getHeader("content-type");
    return type != null && type.startsWith(GRPC);
  }

  /**
   * @return what a path of OTLP/gRPC asks for, null for other paths
   */
  static @Nullable Signal signal(@Nullable String path) {
    return path == null ? null : SIGNALS.get(path);
  }

  @Override
  public String label() {
    return "grpc";
  }

  @Override
  public @Nullable Signal signal(HttpServerRequest request) {
    return signal(request.path());
  }

  @Override
  public @Nullable Refusal checkHead(HttpServerRequest request, long limit) {
    var type = request.getHeader("content-type");
    boolean grpc =
        type != null
            && (type.equals(GRPC)
                || type.startsWith(GRPC + "+proto")
                || type.startsWith(GRPC + ";"));
    if (!grpc
        || request.version() != HttpVersion.HTTP_2
        || !request.method().equals(HttpMethod.POST)) {
      return Refusal.unsupported(
          415,
          "this port takes OTLP over gRPC; send OTLP over HTTP to port " + httpPort.getAsInt());
    }
    var encoding = request.getHeader("grpc-encoding");
    if (encoding != null && !encoding.equals("identity") && !encoding.equals("gzip")) {
      return Refusal.unsupported(415, "grpc-encoding " + encoding + " is not taken; gzip is");
    }
    return null;
  }

  @Override
  public @Nullable Refusal checkPart(RequestBody body, long limit) {
    if (body.size() < PREFIX) {
      return null;
    }
    long length = length(body);
    if (length > limit - PREFIX) {
      return Refusal.tooLarge(limit);
    }
    if (body.size() > length + PREFIX) {
      return Refusal.malformed("one message is expected, with as many bytes as it says");
    }
    body.expect(length + PREFIX);
    return null;
  }

  @Override
  public boolean mayBePacked(HttpServerRequest request) {
    return "gzip".equals(request.getHeader("grpc-encoding"));
  }

  @Override
  public boolean isPacked(RequestBody body, boolean mayBePacked) {
    return body.size() > 0 && body.at(0) == 1;
  }

  @Override
  public @Nullable Refusal unwrap(
      RequestBody body, boolean mayBePacked, int atMost, BooleanSupplier overdue) {
    if (body.size() < PREFIX || body.size() != length(body) + PREFIX) {
      return Refusal.malformed("one message is expected, with as many bytes as it says");
    }
    return switch (body.at(0)) {
      case 0 -> body.join(PREFIX);
      case 1 ->
          mayBePacked
              ? body.inflate(PREFIX, atMost, overdue)
              : Refusal.malformed("a compressed message without grpc-encoding");
      default -> Refusal.malformed("a message whose first byte is neither 0 nor 1");
    };
  }

  @Override
  public Future<Void> accept(HttpServerRequest request, ExportResponse answer) {
    byte[] message = answer.toByteArray();
    return request
        .response()
        .putHeader("content-type", GRPC)
        .putTrailer("grpc-status", "0")
        .end(
            Buffer.buffer(PREFIX + message.length)
                .appendByte((byte) 0)
                .appendInt(message.length)
                .appendBytes(message));
  }

  @Override
  public Future<Void> refuse(HttpServerRequest request, Refusal refusal) {
    if (isGrpc(request)) {
      return refuseCall(request, refusal);
    }
    return request
        .response()
        .setStatusCode(refusal.httpStatus())
        .putHeader("content-type", "text/plain; charset=utf-8")
        .end(refusal.message());
  }

  /** Answers a gRPC client, wherever it knocked. */
  static Future<Void> refuseCall(HttpServerRequest request, Refusal refusal) {
    var response = request.response();
    response
        .putHeader("content-type", GRPC)
        .putHeader("grpc-status", Integer.toString(refusal.grpcStatus()))
        .putHeader("grpc-message", GrpcStatus.encode(refusal.message()));
    if (refusal.grpcStatus() == GrpcStatus.UNIMPLEMENTED) {
      response.putHeader("grpc-accept-encoding", "identity,gzip");
    }
    if (refusal.retryAfter() != null) {
      var status = new RpcStatus(refusal.grpcStatus(), refusal.message(), refusal.retryAfter());
      response.putHeader(
          "grpc-status-details-bin",
          Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray()));
    }
    return response.end();
  }

  private static long length(RequestBody body) {
    return (body.at(1) & 0xffL) << 24
        | (body.at(2) & 0xffL) << 16
        | (body.at(3) & 0xffL) << 8
        | (body.at(4) & 0xffL);
  }
}
