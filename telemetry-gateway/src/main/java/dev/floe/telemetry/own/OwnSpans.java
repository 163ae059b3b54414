package dev.floe.telemetry.own;

import dev.floe.telemetry.receive.Acceptance;
import dev.floe.telemetry.receive.Intake;
import dev.floe.telemetry.wire.Signal;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;

/**
 * Puts the gateway's own spans into its own queues, without the network. Receivers and exporters
 * make no spans, so that nothing goes in circles.
 */
@Singleton
class OwnSpans implements SpanExporter {
  private final Intake intake;

  OwnSpans(Intake intake) {
    this.intake = intake;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    var request = TraceRequestMarshaler.create(spans);
    var bytes = new ByteArrayOutputStream(request.getBinarySerializedSize());
    try {
      request.writeBinaryTo(bytes);
    } catch (IOException e) {
      return CompletableResultCode.ofExceptionalFailure(e);
    }
    var result = new CompletableResultCode();
    intake
        .accept(Signal.TRACES, bytes.toByteArray(), null)
        .whenComplete((acceptance, failure) -> {
          if (acceptance instanceof Acceptance.Accepted) {
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
