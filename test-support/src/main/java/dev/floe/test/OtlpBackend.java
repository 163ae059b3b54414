package dev.floe.test;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP backend for tests: takes OTLP/gRPC and OTLP/HTTP on one port of the loopback interface,
 * decodes what it takes with opentelemetry-proto, and answers as it is told.
 */
public final class OtlpBackend implements AutoCloseable {
  private static final int PREFIX = 5;
  private static final String GRPC = "application/grpc";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final List<ResourceSpans> traces = new CopyOnWriteArrayList<>();
  private final List<ResourceMetrics> metrics = new CopyOnWriteArrayList<>();
  private final List<ResourceLogs> logs = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Reply reply = new Reply.Take();
  private volatile HttpServer server;
  private final int port;

  /** How a request is answered. */
  public sealed interface Reply {
    /** All of it is taken. */
    record Take() implements Reply {}

    /** All of it is taken, after a while. */
    record TakeAfter(long millis) implements Reply {}

    /** Nothing of it is kept, and so many items are said to be rejected. */
    record Reject(long items, String message) implements Reply {}

    /** It is refused; the one status over HTTP, the other over gRPC. */
    record Fail(int httpStatus, int grpcStatus, Map<String, String> headers) implements Reply {
      /** It is refused without further headers. */
      public Fail(int httpStatus, int grpcStatus) {
        this(httpStatus, grpcStatus, Map.of());
      }
    }

    /** No answer ever comes. */
    record Hang() implements Reply {}
  }

  private OtlpBackend(int wanted) {
    server = listen(wanted);
    port = server.actualPort();
  }

  /** Starts on a free port. */
  public static OtlpBackend start() {
    return new OtlpBackend(0);
  }

  /**
   * @return base URL, {@code http://127.0.0.1:port}
   */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Answers so from now on. */
  public void answer(Reply newReply) {
    reply = newReply;
  }

  /** Stops listening, and breaks what is connected. */
  public void down() {
    await(server.close());
  }

  /** Listens again, where it did before. */
  public void up() {
    server = listen(port);
  }

  /** Forgets what was received. */
  public void clear() {
    traces.clear();
    metrics.clear();
    logs.clear();
    headers.clear();
    requests.set(0);
  }

  /**
   * @return requests that came, however they were answered
   */
  public int requests() {
    return requests.get();
  }

  /**
   * @return headers of each request that was taken, names in lower case
   */
  public List<Map<String, String>> headers() {
    return List.copyOf(headers);
  }

  public List<ResourceSpans> traces() {
    return List.copyOf(traces);
  }

  public List<ResourceMetrics> metrics() {
    return List.copyOf(metrics);
  }

  public List<ResourceLogs> logs() {
    return List.copyOf(logs);
  }

  /**
   * @return every span that was taken
   */
  public List<Span> spans() {
    return traces.stream()
        .flatMap(group -> group.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /**
   * @return every log record that was taken
   */
  public List<LogRecord> logRecords() {
    return logs.stream()
        .flatMap(group -> group.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  /**
   * @return every metric that was taken
   */
  public List<Metric> allMetrics() {
    return metrics.stream()
        .flatMap(group -> group.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  /**
   * @return the resource attributes, of each resource that a span of this name came with
   */
  public List<Map<String, String>> resourcesOfSpan(String spanName) {
    return traces.stream()
        .filter(group ->
            group.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .anyMatch(span -> span.getName().equals(spanName)))
        .map(group -> attributes(group.getResource()))
        .toList();
  }

  /**
   * @return text attributes by key; where a key comes twice, all values with commas between
   */
  public static Map<String, String> attributes(Resource resource) {
    return resource.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                attribute -> attribute.getValue().getStringValue(),
                (one, two) -> one + "," + two));
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private HttpServer listen(int wanted) {
    var listening =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(wanted))
            .requestHandler(this::serve);
    await(listening.listen());
    return listening;
  }

  private static void await(io.vertx.core.Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }

  private void serve(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          requests.incrementAndGet();
          switch (reply) {
            case Reply.Take _ -> take(request, body);
            case Reply.TakeAfter(long millis) ->
                vertx.setTimer(Math.max(1, millis), id -> take(request, body));
            case Reply.Reject(long items, String message) ->
                accept(request, rejected(items, message));
            case Reply.Fail fail -> fail(request, fail);
            case Reply.Hang _ -> {}
          }
        });
  }

  private void take(HttpServerRequest request, Buffer body) {
    try {
      keep(String.valueOf(request.path()), payload(request, body.getBytes()));
    } catch (InvalidProtocolBufferException | UncheckedIOException e) {
      fail(request, new Reply.Fail(400, 3));
      return;
    }
    headers.add(
        request.headers().entries().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().toLowerCase(java.util.Locale.ROOT),
                    Map.Entry::getValue,
                    (one, two) -> two)));
    accept(request, new byte[0]);
  }

  private void keep(String path, byte[] payload) throws InvalidProtocolBufferException {
    if (Stream.of("/v1/traces", "TraceService/Export").anyMatch(path::endsWith)) {
      traces.addAll(ExportTraceServiceRequest.parseFrom(payload).getResourceSpansList());
    } else if (Stream.of("/v1/metrics", "MetricsService/Export").anyMatch(path::endsWith)) {
      metrics.addAll(ExportMetricsServiceRequest.parseFrom(payload).getResourceMetricsList());
    } else {
      logs.addAll(ExportLogsServiceRequest.parseFrom(payload).getResourceLogsList());
    }
  }

  private static byte[] payload(HttpServerRequest request, byte[] body) {
    if (isGrpc(request)) {
      byte[] message = java.util.Arrays.copyOfRange(body, PREFIX, body.length);
      return body[0] == 1 ? unzip(message) : message;
    }
    return "gzip".equals(request.getHeader("content-encoding")) ? unzip(body) : body;
  }

  private static byte[] unzip(byte[] bytes) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void accept(HttpServerRequest request, byte[] message) {
    var response = request.response();
    if (isGrpc(request)) {
      response.putHeader("content-type", GRPC).putTrailer("grpc-status", "0");
      response.end(
          Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message));
    } else {
      response.putHeader("content-type", "application/x-protobuf").end(Buffer.buffer(message));
    }
  }

  private static void fail(HttpServerRequest request, Reply.Fail fail) {
    var response = request.response();
    fail.headers().forEach(response::putHeader);
    if (isGrpc(request)) {
      response
          .putHeader("content-type", GRPC)
          .putHeader("grpc-status", Integer.toString(fail.grpcStatus()))
          .end();
    } else {
      response.setStatusCode(fail.httpStatus()).end();
    }
  }

  /**
   * The three signals' responses share one shape: a count in field 1, words in field 2 of field 1.
   */
  private static byte[] rejected(long items, String message) {
    return io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(items)
                .setErrorMessage(message))
        .build()
        .toByteArray();
  }

  private static boolean isGrpc(HttpServerRequest request) {
    var type = request.getHeader("content-type");
    return type != null && type.startsWith(GRPC);
  }
}
