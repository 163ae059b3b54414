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
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Posts bodies to one backend over HTTP/1.1 or HTTP/2, without traces of its own.
 *
 * <p>A host name may stand for several addresses: where one cannot be connected to, the next is
 * tried, and the one that answered is tried first from then on. Redirects are not followed.
 */
final class BackendClient {
  private static final int HTTP2_WINDOW = 1024 * 1024;

  private final Vertx vertx;
  private final HttpClient client;
  private final URI endpoint;
  private final HeaderSource headers;
  private final Resolver resolver;
  private volatile @Nullable InetAddress preferred;

  /** Finds the addresses of a host; may block. */
  @FunctionalInterface
  interface Resolver {
    /**
     * @return one address at least
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  BackendClient(Vertx vertx, ExportConfig.Destination config, HttpVersion version) {
    this(vertx, config, version, InetAddress::getAllByName);
  }

  BackendClient(
      Vertx vertx, ExportConfig.Destination config, HttpVersion version, Resolver resolver) {
    this.vertx = vertx;
    this.resolver = resolver;
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
            // Half of the time of a request, so that a second address has its turn.
            .setConnectTimeout(Math.clamp(config.timeout().toMillis() / 2, 1, 5_000))
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
    vertx
        .executeBlocking(this::addresses, false)
        .compose(addresses -> connect(options, addresses, 0))
        .compose(request -> exchange(request, body, late.future(), read))
        .onComplete(result ->
            answered.tryComplete(
                result.succeeded()
                    ? result.result()
                    : new Answer.Later(null, words(result.cause()))));
    return answered.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private List<InetAddress> addresses() throws UnknownHostException {
    var addresses = new ArrayList<>(List.of(resolver.resolve(endpoint.getHost())));
    var first = preferred;
    if (first != null && addresses.remove(first)) {
      addresses.addFirst(first);
    }
    return addresses;
  }

  /** Connects to the first address that can be connected to; nothing was sent before. */
  private Future<HttpClientRequest> connect(
      RequestOptions options, List<InetAddress> addresses, int index) {
    var address = addresses.get(index);
    var server = SocketAddress.inetSocketAddress(new InetSocketAddress(address, options.getPort()));
    return client
        .request(new RequestOptions(options).setServer(server))
        .onSuccess(connected -> preferred = address)
        .recover(failure ->
            failure instanceof IOException && index + 1 < addresses.size()
                ? connect(options, addresses, index + 1)
                : Future.failedFuture(failure));
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
