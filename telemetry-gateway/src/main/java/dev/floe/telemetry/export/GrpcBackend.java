package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend that takes OTLP/gRPC: HTTP/2 with five bytes before each message. */
final class GrpcBackend implements Backend {
  private static final int PREFIX = 5;

  private final BackendClient client;
  private final boolean gzip;
  private final Map<String, String> headers;

  GrpcBackend(Vertx vertx, ExportConfig.Destination config) {
    this.client = new BackendClient(vertx, config, HttpVersion.HTTP_2);
    this.gzip = config.compression() == ExportConfig.Compression.GZIP;
    var all = new HashMap<String, String>();
    all.put("content-type", "application/grpc");
    all.put("te", "trailers");
    all.put("user-agent", "floe-telemetry-gateway");
    if (gzip) {
      all.put("grpc-encoding", "gzip");
    }
    this.headers = Map.copyOf(all);
  }

  @Override
  public Future<Answer> send(Signal signal, List<Chunk> batch, Duration timeout) {
    var body = gzip ? GzipBytes.join(batch, PREFIX) : Backend.join(batch, PREFIX);
    body.setByte(0, (byte) (gzip ? 1 : 0)).setInt(1, body.length() - PREFIX);
    var more = new HashMap<>(headers);
    more.put("grpc-timeout", timeout.toMillis() + "m");
    return client.post(
        client.basePath() + signal.grpcPath(), more, body, timeout, GrpcBackend::read);
  }

  @Override
  public void close() {
    client.close();
  }

  private static Answer read(BackendClient.Response response) {
    var body = response.body();
    boolean plain = body.length() >= PREFIX && body.getByte(0) == 0;
    return GrpcAnswers.read(
        response.head().statusCode(),
        response.head().getHeader("location"),
        trailer(response, "grpc-status"),
        trailer(response, "grpc-message"),
        trailer(response, "grpc-status-details-bin"),
        plain ? body.getBytes(PREFIX, body.length()) : new byte[0]);
  }

  /** An error without a body carries its trailers among the headers. */
  private static @Nullable String trailer(BackendClient.Response response, String name) {
    var trailer = response.head().getTrailer(name);
    return trailer == null ? response.head().getHeader(name) : trailer;
  }
}
