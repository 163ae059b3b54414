package dev.floe.telemetry.own;

import dev.floe.telemetry.export.Exporter;
import dev.floe.telemetry.receive.Acceptance;
import dev.floe.telemetry.receive.Intake;
import dev.floe.telemetry.wire.Signal;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Puts the gateway's own spans into its own queues, without the network. Receivers and exporters
 * make no spans, so that nothing goes in circles.
 */
@Singleton
class OwnSpans implements SpanExporter {
  private static final Logger LOG = Logger.getLogger(OwnSpans.class);
  private static final long FLUSH_SECONDS = 2;

  private final Queue queue;
  private volatile boolean stopped;
  private volatile boolean failed;

  /** Takes a request as if a sender had sent it. */
  @FunctionalInterface
  interface Queue {
    CompletionStage<Acceptance> accept(byte[] request);
  }

  @Inject
  OwnSpans(Intake intake) {
    this(request -> intake.accept(Signal.TRACES, request));
  }

  OwnSpans(Queue queue) {
    this.queue = queue;
  }

  /** The last spans go out while the intake is still open; the SDK itself is shut down after it. */
  void stop(@Observes @Priority(Exporter.STOP - 150) ShutdownEvent event, OpenTelemetry telemetry) {
    if (telemetry instanceof OpenTelemetrySdk sdk) {
      var _ = sdk.getSdkTracerProvider().forceFlush().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }
    stopped = true;
  }

  /** Never throws: an {@code Error} would end the SDK's only thread for spans. */
  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    if (stopped) {
      return CompletableResultCode.ofFailure();
    }
    try {
      return accept(spans);
    } catch (Throwable failure) {
      if (!failed) {
        failed = true;
        LOG.error("The gateway's own spans could not be queued; further ones may be lost", failure);
      }
      return CompletableResultCode.ofExceptionalFailure(failure);
    }
  }

  private CompletableResultCode accept(Collection<SpanData> spans) throws IOException {
    var request = TraceRequestMarshaler.create(spans);
    var bytes = new ByteArrayOutputStream(request.getBinarySerializedSize());
    request.writeBinaryTo(bytes);
    var result = new CompletableResultCode();
    queue
        .accept(bytes.toByteArray())
        .whenComplete((acceptance, failure) -> {
          if (acceptance instanceof Acceptance.Accepted) {
            failed = false;
            result.succeed();
          } else {
            result.fail();
          }
        });
    return result;
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
