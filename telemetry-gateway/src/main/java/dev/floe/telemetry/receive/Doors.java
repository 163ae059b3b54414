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
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** The two receivers: OTLP/gRPC and OTLP/HTTP, on as many event loops as there are processors. */
@ApplicationScoped
public class Doors {
  private static final Logger LOG = Logger.getLogger(Doors.class);
  private static final int HTTP2_STREAM_WINDOW = 1024 * 1024;
  private static final int HTTP2_CONNECTION_WINDOW = 4 * 1024 * 1024;
  private static final int HTTP2_STREAMS = 256;
  private static final int MAX_HEADER = 16 * 1024;
  private static final int IDLE_MINUTES = 30;
  private static final long STOP_MILLIS = 2000;

  private final ReceiveConfig config;
  private final SenderTokens tokens;
  private final Intake intake;
  private final Vertx vertx;
  private final InFlight inFlight;
  private final List<String> deployments = new ArrayList<>();
  private final List<TelemetryStatus.Receiver> receivers = new ArrayList<>();

  Doors(ReceiveConfig config, SenderTokens tokens, Intake intake, Vertx vertx) {
    this.config = config;
    this.tokens = tokens;
    this.intake = intake;
    this.vertx = vertx;
    this.inFlight = new InFlight(config.maxInFlightBytes().asLongValue());
  }

  void start(@Observes @Priority(Exporter.START + 100) StartupEvent event) {
    intake.open();
    open(new GrpcProtocol(), config.grpcPort(), "floe.telemetry.receive.grpc-port");
    open(new HttpProtocol(), config.httpPort(), "floe.telemetry.receive.http-port");
  }

  void stop(@Observes @Priority(Exporter.STOP - 100) ShutdownEvent event)
      throws InterruptedException {
    intake.close();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
    while (inFlight.held() > 0 && System.nanoTime() < until) {
      Thread.sleep(10);
    }
    for (var deployment : deployments) {
      vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
    }
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

  Intake intake() {
    return intake;
  }

  long maxRequestBytes() {
    return config.maxRequestBytes().asLongValue();
  }

  Duration bodyTimeout() {
    return config.bodyTimeout();
  }

  RequestBody newBody() {
    return new RequestBody(inFlight, (int) maxRequestBytes(), config.retryAfter());
  }

  private void open(Protocol protocol, int port, String key) {
    var options =
        new HttpServerOptions()
            .setHost(config.host())
            // A negative port is one that is free, the same for all instances.
            .setPort(port == 0 ? -1 : port)
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
    var actualPort = new AtomicInteger();
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
          "cannot listen on %s:%d for OTLP over %s: %s; free the port or set %s"
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

    private Door(HttpServerOptions options, Protocol protocol, AtomicInteger actualPort) {
      this.options = options;
      this.protocol = protocol;
      this.actualPort = actualPort;
    }

    @Override
    public void start(Promise<Void> started) {
      vertx
          .createHttpServer(options)
          .requestHandler(request -> Exchange.serve(Doors.this, protocol, request, context))
          .listen()
          .onSuccess(server -> actualPort.set(server.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }
}
