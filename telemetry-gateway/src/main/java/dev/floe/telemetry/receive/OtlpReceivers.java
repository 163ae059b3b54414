package dev.floe.telemetry.receive;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.export.Exporter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The two receivers: OTLP/gRPC and OTLP/HTTP, on as many event loops as there are processors. What
 * they receive goes to the {@link RequestSink}.
 */
@ApplicationScoped
public class OtlpReceivers {
  private static final Logger LOG = Logger.getLogger(OtlpReceivers.class);
  private static final int HTTP2_STREAM_WINDOW = 1024 * 1024;
  private static final int HTTP2_CONNECTION_WINDOW = 4 * 1024 * 1024;
  private static final int HTTP2_STREAMS = 256;
  private static final int MAX_HEADER = 16 * 1024;
  private static final int IDLE_MINUTES = 30;
  private static final long STOP_MILLIS = 2000;

  private final ReceiveConfig config;
  private final SenderTokens tokens;
  private final RequestSink sink;
  private final Vertx vertx;
  private final InFlight inFlight;
  private final RequestWorkers workers;
  private final AtomicInteger grpcPort = new AtomicInteger();
  private final AtomicInteger httpPort = new AtomicInteger();
  private final List<String> deployments = new ArrayList<>();
  private final List<TelemetryStatus.Receiver> receivers = new ArrayList<>();

  OtlpReceivers(
      ReceiveConfig config, SenderTokens tokens, RequestSink sink, Vertx vertx, InFlight inFlight) {
    this.config = config;
    this.tokens = tokens;
    this.sink = sink;
    this.vertx = vertx;
    this.inFlight = inFlight;
    this.workers =
        new RequestWorkers(
            config.workers().orElse(Runtime.getRuntime().availableProcessors() + 1),
            config.maxWaiting());
  }

  void start(@Observes @Priority(Exporter.START + 100) StartupEvent event) {
    start();
  }

  void stop(@Observes @Priority(Exporter.STOP - 100) ShutdownEvent event)
      throws InterruptedException {
    stop();
  }

  void start() {
    workers.start();
    sink.open();
    open(new GrpcProtocol(httpPort::get), config.grpcPort(), -1, grpcPort, "grpc-port");
    open(new HttpProtocol(grpcPort::get), config.httpPort(), -2, httpPort, "http-port");
  }

  void stop() throws InterruptedException {
    sink.close();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
    while (inFlight.held() > 0 && System.nanoTime() < until) {
      Thread.sleep(10);
    }
    for (var deployment : deployments) {
      vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
    }
    workers.stop();
  }

  /**
   * @return bytes that requests under way hold: 0 while there are none
   */
  public long inFlightBytes() {
    return inFlight.held();
  }

  /**
   * @return where OTLP/gRPC is taken
   */
  int grpcPort() {
    return grpcPort.get();
  }

  /**
   * @return where OTLP/HTTP is taken
   */
  int httpPort() {
    return httpPort.get();
  }

  /**
   * @return where OTLP is taken
   */
  public List<TelemetryStatus.Receiver> receivers() {
    return List.copyOf(receivers);
  }

  SenderTokens tokens() {
    return tokens;
  }

  RequestSink sink() {
    return sink;
  }

  RequestWorkers workers() {
    return workers;
  }

  Duration workTimeout() {
    return config.workTimeout();
  }

  Duration retryAfter() {
    return config.retryAfter();
  }

  long maxRequestBytes() {
    return config.maxRequestBytes().asLongValue();
  }

  Duration bodyTimeout() {
    return config.bodyTimeout();
  }

  RequestBody newBody(String address) {
    return new RequestBody(inFlight.open(address), (int) maxRequestBytes(), config.retryAfter());
  }

  /**
   * Opens a receiver.
   *
   * @param anyPort what is opened for port 0: a negative port is one that is free, the same for all
   *     servers that are opened with this number
   * @param actualPort gets the port that was opened
   */
  private void open(
      Protocol protocol, int port, int anyPort, AtomicInteger actualPort, String key) {
    var options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(port == 0 ? anyPort : port)
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setMaxHeaderSize(MAX_HEADER)
            .setIdleTimeout(IDLE_MINUTES)
            .setIdleTimeoutUnit(TimeUnit.MINUTES)
            .setHttp2ConnectionWindowSize(HTTP2_CONNECTION_WINDOW)
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(HTTP2_STREAM_WINDOW)
                    .setMaxConcurrentStreams(HTTP2_STREAMS)
                    .setMaxHeaderListSize(MAX_HEADER));
    try {
      deployments.add(
          vertx
              .deployVerticle(
                  () -> new Door(options, protocol, actualPort),
                  new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
              .toCompletionStage()
              .toCompletableFuture()
              .join());
    } catch (CompletionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          ("cannot listen on %s:%d for OTLP over %s: %s; free the port or set"
                  + " floe.telemetry.receive.%s")
              .formatted(config.host(), port, protocol.label(), cause.getMessage(), key),
          cause);
    }
    var address = config.host() + ":" + actualPort.get();
    receivers.add(new TelemetryStatus.Receiver(protocol.label(), address));
    LOG.infof("Taking OTLP over %s on %s", protocol.label(), address);
  }

  /** One of the servers that share a port, each on an event loop of its own. */
  private final class Door extends AbstractVerticle {
    private final HttpServerOptions options;
    private final Protocol protocol;
    private final AtomicInteger actualPort;
    private final Set<HttpConnection> closing = new HashSet<>();

    private Door(HttpServerOptions options, Protocol protocol, AtomicInteger actualPort) {
      this.options = options;
      this.protocol = protocol;
      this.actualPort = actualPort;
    }

    @Override
    public void start(Promise<Void> started) {
      vertx
          .createHttpServer(options)
          .requestHandler(
              request -> Exchange.serve(OtlpReceivers.this, protocol, request, context, closing))
          .listen()
          .onSuccess(server -> actualPort.set(server.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }
}
