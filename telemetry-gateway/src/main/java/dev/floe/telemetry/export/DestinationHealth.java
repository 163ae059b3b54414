package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.contract.telemetry.TelemetryStatus.Destination.State;
import dev.floe.telemetry.wire.Signal;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How a destination does; changes for the worse and back are logged once. */
final class DestinationHealth {
  private static final Logger LOG = Logger.getLogger(DestinationHealth.class);

  private final String name;
  private State state = State.IDLE;
  private @Nullable Instant lastExportedAt;
  private @Nullable Instant lastErrorAt;
  private @Nullable String lastError;

  DestinationHealth(String name) {
    this.name = name;
  }

  synchronized void took(Answer.Taken taken) {
    if (state == State.RETRYING || state == State.REFUSING) {
      LOG.infof("Destination %s takes telemetry again", name);
    }
    state = State.OK;
    lastExportedAt = Instant.now();
    if (taken.rejected() > 0) {
      error(taken.rejected() + " items rejected: " + taken.message());
    }
  }

  synchronized void failed(Answer.Later later) {
    if (state != State.RETRYING) {
      LOG.warnf("Destination %s: %s; trying again until it takes it", name, later.why());
    }
    state = State.RETRYING;
    error(later.why());
  }

  synchronized void refused(Answer.Refused refused) {
    if (state != State.REFUSING) {
      LOG.errorf("Destination %s refuses telemetry: %s", name, refused.why());
    }
    state = State.REFUSING;
    error(refused.why());
  }

  synchronized TelemetryStatus.Destination describe(
      ExportConfig.Destination config, long held, long capacity) {
    return new TelemetryStatus.Destination(
        name,
        config.endpoint().toString(),
        config.protocol(),
        config.signals().stream().sorted().map(Signal::label).toList(),
        config.required(),
        state,
        held,
        capacity,
        lastExportedAt,
        lastErrorAt,
        lastError);
  }

  private void error(String message) {
    lastErrorAt = Instant.now();
    lastError = message;
  }
}
