package dev.floe.telemetry.receive;

import dev.floe.telemetry.enrich.Attribution;
import dev.floe.telemetry.enrich.Enricher;
import dev.floe.telemetry.export.Exporter;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.Signal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The way of a request from its bytes to the queues. */
@ApplicationScoped
public class Intake {
  private static final Logger LOG = Logger.getLogger(Intake.class);

  private final ReceiveConfig config;
  private final Enricher enricher;
  private final Exporter exporter;
  private final Ledger ledger;
  private volatile boolean open;

  Intake(ReceiveConfig config, Enricher enricher, Exporter exporter, Ledger ledger) {
    this.config = config;
    this.enricher = enricher;
    this.exporter = exporter;
    this.ledger = ledger;
  }

  /**
   * Checks, names and queues a request.
   *
   * @param bytes the request; not changed, but kept
   * @param peer address that it came from, null for the gateway's own
   * @return never fails
   */
  public CompletionStage<Acceptance> accept(Signal signal, byte[] bytes, @Nullable String peer) {
    if (!open) {
      return CompletableFuture.completedFuture(refuse(Refusal.stopping(config.retryAfter())));
    }
    OtlpRequest request;
    try {
      request = OtlpRequest.parse(signal, bytes);
    } catch (MalformedTelemetryException e) {
      return CompletableFuture.completedFuture(
          refuse(Refusal.malformed("not an OTLP request: " + e.getMessage())));
    }
    return enricher
        .attribute(request, peer)
        .thenApply(attributions -> queue(request, attributions))
        .exceptionally(failure -> {
          LOG.error("A request could not be taken", failure);
          return refuse(Refusal.internal());
        });
  }

  /** Counts a refusal. */
  Acceptance refuse(Refusal refusal) {
    ledger.refused(refusal.reason());
    return new Acceptance.Refused(refusal);
  }

  /** Takes requests from now on. */
  void open() {
    open = true;
  }

  /** Takes nothing more. */
  void close() {
    open = false;
  }

  private Acceptance queue(OtlpRequest request, List<Attribution> attributions) {
    var chunks =
        new ChunkBuilder(
            request.signal(), exporter.chunkBytes(), (int) config.maxItemBytes().asLongValue());
    chunks.add(request, attributions);
    if (!exporter.offer(request.signal(), chunks.chunks())) {
      return refuse(Refusal.full("a queue is full", config.retryAfter()));
    }
    if (chunks.leftOut() == 0) {
      return new Acceptance.Accepted(ExportResponse.COMPLETE);
    }
    ledger.refusedItems(RefusalReason.TOO_LARGE, chunks.leftOut());
    return new Acceptance.Accepted(
        new ExportResponse(
            chunks.leftOut(),
            "items of more than %d bytes are not taken"
                .formatted(config.maxItemBytes().asLongValue())));
  }
}
