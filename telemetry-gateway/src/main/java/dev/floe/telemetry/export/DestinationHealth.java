package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.contract.telemetry.TelemetryStatus.Destination.State;
import dev.floe.telemetry.wire.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How a destination does; changes for the worse and back are logged once. */
final class DestinationHealth {
  private static final Logger LOG = Logger.getLogger(DestinationHealth.class);

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final long PER_MESSAGE = TimeUnit.MINUTES.toNanos(1);

  private final String name;
  private State state = State.IDLE;
  private @Nullable Instant lastExportedAt;
  private @Nullable Instant lastErrorAt;
  private @Nullable String lastError;
  private @Nullable String loggedMessage;
  private long loggedAt;

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
      said(taken.rejected() + " items rejected: " + taken.message(), taken.message());
    } else if (!taken.message().isBlank()) {
      said("all items taken, with a message: " + taken.message(), taken.message());
    }
  }

  /**
   * A request has to be sent again.
   *
   * @param pause until then; null where it is given up
   */
  synchronized void failed(Answer.Later later, Backoff.@Nullable Pause pause) {
    if (state != State.RETRYING) {
      LOG.warnf("Destination %s: %s; trying again until it takes it", name, later.why());
    }
    state = State.RETRYING;
    error(later.why() + words(later, pause));
  }

  synchronized void refused(Answer.Refused refused) {
    if (state != State.REFUSING) {
      LOG.errorf("Destination %s refuses telemetry: %s", name, refused.why());
    }
    state = State.REFUSING;
    error(refused.why());
  }

  /** A worker failed in an unexpected way; its batch was dropped, and it continues. */
  synchronized void crashed(Throwable failure) {
    state = State.RETRYING;
    error("internal: " + failure.getClass().getSimpleName() + "; a batch was dropped");
  }

  /**
   * @return what went wrong last, in words; empty when nothing did
   */
  synchronized String lastError() {
    return lastError == null ? "" : "Last error: " + lastError;
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

  /** A wait that an operator would wonder about is named with its end. */
  private static String words(Answer.Later later, Backoff.@Nullable Pause pause) {
    if (pause == null || (pause.sendAgain() && pause.length().compareTo(SHORT) < 0)) {
      return "";
    }
    var until = Instant.now().plus(pause.length()).truncatedTo(ChronoUnit.SECONDS);
    if (!pause.sendAgain()) {
      return "; it asks to wait %s, longer than retry.give-up-after allows: given up at %s"
          .formatted(later.after(), until);
    }
    return "; next try at " + until;
  }

  /** Logged once, and not again before a minute has passed, however often the backend says it. */
  private void said(String words, String message) {
    error(words);
    long now = System.nanoTime();
    if (!message.equals(loggedMessage) && (loggedMessage == null || now - loggedAt > PER_MESSAGE)) {
      LOG.warnf("Destination %s: %s", name, words);
      loggedMessage = message;
      loggedAt = now;
    }
  }

  private void error(String message) {
    lastErrorAt = Instant.now();
    lastError = message;
  }
}
