package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.RpcStatus;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
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

  @Override
  public String label() {
    return "grpc";
  }

  @Override
  public @Nullable Signal signal(HttpServerRequest request) {
    return SIGNALS.get(request.path());
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
      return Refusal.unsupported(415, "this port speaks OTLP over gRPC; OTLP/HTTP has its own");
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
  public @Nullable Refusal unwrap(HttpServerRequest request, RequestBody body) {
    if (body.size() < PREFIX || body.size() != length(body) + PREFIX) {
      return Refusal.malformed("one message is expected, with as many bytes as it says");
    }
    int compressed = body.at(0);
    body.skip(PREFIX);
    return switch (compressed) {
      case 0 -> null;
      case 1 ->
          "gzip".equals(request.getHeader("grpc-encoding"))
              ? body.unpack()
              : Refusal.malformed("a compressed message without grpc-encoding");
      default -> Refusal.malformed("a message whose first byte is neither 0 nor 1");
    };
  }

  @Override
  public void accept(HttpServerResponse response, ExportResponse answer) {
    byte[] message = answer.toByteArray();
    response.putHeader("content-type", GRPC).putTrailer("grpc-status", "0");
    response.end(
        Buffer.buffer(PREFIX + message.length)
            .appendByte((byte) 0)
            .appendInt(message.length)
            .appendBytes(message));
  }

  @Override
  public void refuse(HttpServerRequest request, Refusal refusal) {
    var response = request.response();
    var type = request.getHeader("content-type");
    if (type == null || !type.startsWith(GRPC)) {
      response
          .setStatusCode(refusal.httpStatus())
          .putHeader("content-type", "text/plain; charset=utf-8")
          .end(refusal.message());
      return;
    }
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
    response.end();
  }

  private static long length(RequestBody body) {
    return (body.at(1) & 0xffL) << 24
        | (body.at(2) & 0xffL) << 16
        | (body.at(3) & 0xffL) << 8
        | (body.at(4) & 0xffL);
  }
}
