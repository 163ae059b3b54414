package dev.floe.telemetry.export;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** Posts bodies to one backend over HTTP/1.1 or HTTP/2, without traces of its own. */
final class BackendClient {
  private static final int HTTP2_WINDOW = 1024 * 1024;

  private final Vertx vertx;
  private final HttpClient client;
  private final URI endpoint;
  private final HeaderSource headers;

  BackendClient(Vertx vertx, ExportConfig.Destination config, HttpVersion version) {
    this.vertx = vertx;
    this.endpoint = config.endpoint();
    this.headers = new HeaderSource(config.headers(), config.headersFile());
    boolean tls = "https".equalsIgnoreCase(endpoint.getScheme());
    int requests = config.connections() * 3;
    var options =
        new HttpClientOptions()
            .setProtocolVersion(version)
            .setHttp2ClearTextUpgrade(false)
            .setUseAlpn(tls && version == HttpVersion.HTTP_2)
            .setSsl(tls)
            .setHttp2ConnectionWindowSize(HTTP2_WINDOW)
            .setMaxPoolSize(requests)
            .setHttp2MaxPoolSize(config.connections())
            .setConnectTimeout((int) Math.min(config.timeout().toMillis(), 10_000))
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setMetricsName("otlp-export");
    config
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.client = vertx.createHttpClient(options);
  }

  /** The endpoint's path without a slash at its end. */
  String basePath() {
    var path = endpoint.getPath() == null ? "" : endpoint.getPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /**
   * Posts a body.
   *
   * @param read makes an answer of the response and the first bytes of its body, once all of it
   *     arrived
   * @return the answer; {@link Answer.Later} where there was none in time
   */
  Future<Answer> post(
      String path,
      Map<String, String> more,
      Buffer body,
      Duration timeout,
      Function<Response, Answer> read) {
    boolean tls = "https".equalsIgnoreCase(endpoint.getScheme());
    int port = endpoint.getPort() > 0 ? endpoint.getPort() : tls ? 443 : 80;
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(endpoint.getHost())
            .setPort(port)
            .setSsl(tls)
            .setURI(path)
            .setTraceOperation("otlp-export");
    headers.headers().forEach(options::putHeader);
    more.forEach(options::putHeader);
    Promise<Answer> answered = Promise.promise();
    Promise<Void> late = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, timeout.toMillis()),
            id -> {
              if (answered.tryComplete(new Answer.Later(null, "no answer in " + timeout))) {
                late.complete();
              }
            });
    client
        .request(options)
        .compose(request -> exchange(request, body, late.future(), read))
        .onComplete(result ->
            answered.tryComplete(
                result.succeeded()
                    ? result.result()
                    : new Answer.Later(null, words(result.cause()))));
    return answered.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static Future<Answer> exchange(
      HttpClientRequest request, Buffer body, Future<Void> late, Function<Response, Answer> read) {
    // A request that took too long must not hold its connection.
    late.onSuccess(done -> request.reset());
    return request.send(body).compose(response -> drain(response).map(read));
  }

  private static Future<Response> drain(HttpClientResponse response) {
    Promise<Response> whole = Promise.promise();
    var kept = Buffer.buffer();
    response.handler(part -> {
      int room = Backend.MAX_ANSWER - kept.length();
      kept.appendBuffer(part, 0, Math.min(room, part.length()));
    });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(new Response(response, kept)));
    return whole.future();
  }

  void close() {
    client.close();
  }

  /**
   * A whole response.
   *
   * @param head status, headers and trailers
   * @param body its first bytes
   */
  record Response(HttpClientResponse head, Buffer body) {}

  private static String words(Throwable failure) {
    var message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
