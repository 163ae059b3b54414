package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A backend that takes OTLP/HTTP with protobuf bodies. */
final class HttpBackend implements Backend {
  private static final String PROTOBUF = "application/x-protobuf";

  private final BackendClient client;
  private final boolean gzip;
  private final Map<String, String> headers;

  HttpBackend(Vertx vertx, ExportConfig.Destination config) {
    this.client = new BackendClient(vertx, config, HttpVersion.HTTP_1_1);
    this.gzip = config.compression() == ExportConfig.Compression.GZIP;
    this.headers =
        gzip
            ? Map.of("content-type", PROTOBUF, "content-encoding", "gzip")
            : Map.of("content-type", PROTOBUF);
  }

  @Override
  public Future<Answer> send(Signal signal, List<Chunk> batch, Duration timeout) {
    var body = gzip ? GzipBytes.join(batch, 0) : Backend.join(batch, 0);
    return client.post(
        client.basePath() + signal.httpPath(), headers, body, timeout, HttpBackend::read);
  }

  @Override
  public void close() {
    client.close();
  }

  private static Answer read(BackendClient.Response response) {
    var head = response.head();
    return HttpAnswers.read(
        new HttpAnswers.Head(
            head.statusCode(),
            head.getHeader("content-type"),
            head.getHeader("retry-after"),
            head.getHeader("location")),
        response.body().getBytes(),
        Instant.now());
  }
}
