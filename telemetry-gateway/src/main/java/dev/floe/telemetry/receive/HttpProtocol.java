package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.RpcStatus;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP with protobuf bodies. */
final class HttpProtocol implements Protocol {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private static final Map<String, Signal> SIGNALS =
      Arrays.stream(Signal.values())
          .collect(Collectors.toMap(Signal::httpPath, Function.identity()));

  @Override
  public String label() {
    return "http/protobuf";
  }

  @Override
  public @Nullable Signal signal(HttpServerRequest request) {
    return SIGNALS.get(request.path());
  }

  @Override
  public @Nullable Refusal checkHead(HttpServerRequest request, long limit) {
    if (!request.method().equals(HttpMethod.POST)) {
      return Refusal.unsupported(405, "send OTLP with POST");
    }
    if (!mediaType(request).equals(PROTOBUF)) {
      return Refusal.unsupported(
          415, "send Content-Type: " + PROTOBUF + "; OTLP in JSON is not taken");
    }
    var encoding = encoding(request);
    if (!encoding.isEmpty() && !encoding.equals("identity") && !encoding.equals("gzip")) {
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
  public @Nullable Refusal unwrap(HttpServerRequest request, RequestBody body) {
    return encoding(request).equals("gzip") ? body.unpack() : null;
  }

  @Override
  public void accept(HttpServerResponse response, ExportResponse answer) {
    response
        .setStatusCode(200)
        .putHeader("content-type", PROTOBUF)
        .end(Buffer.buffer(answer.toByteArray()));
  }

  @Override
  public void refuse(HttpServerRequest request, Refusal refusal) {
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
      response
          .putHeader("content-type", JSON)
          .end(
              new JsonObject()
                  .put("code", refusal.grpcStatus())
                  .put("message", refusal.message())
                  .toBuffer());
      return;
    }
    var status = new RpcStatus(refusal.grpcStatus(), refusal.message(), refusal.retryAfter());
    response.putHeader("content-type", PROTOBUF).end(Buffer.buffer(status.toByteArray()));
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
