package dev.floe.telemetry.receive;

import dev.floe.telemetry.enrich.Attribution;
import dev.floe.telemetry.enrich.Enricher;
import dev.floe.telemetry.export.Exporter;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.OverdueException;
import dev.floe.telemetry.wire.Signal;
import dev.floe.telemetry.wire.StructureLimitException;
import dev.floe.telemetry.wire.StructureLimits;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The way of a request from its bytes to the queues. */
@ApplicationScoped
public class Intake implements RequestSink {
  private static final Logger LOG = Logger.getLogger(Intake.class);

  private final ReceiveConfig config;
  private final Enricher enricher;
  private final Exporter exporter;
  private final Ledger ledger;
  private final InFlight inFlight;
  private volatile boolean open;

  Intake(
      ReceiveConfig config,
      Enricher enricher,
      Exporter exporter,
      Ledger ledger,
      InFlight inFlight) {
    this.config = config;
    this.inFlight = inFlight;
    this.enricher = enricher;
    this.exporter = exporter;
    this.ledger = ledger;
  }

  /**
   * Checks, names and queues a request of the gateway itself.
   *
   * @param bytes the request; not changed, but kept
   * @return never fails
   */
  public CompletionStage<Acceptance> accept(Signal signal, byte[] bytes) {
    var reservation = inFlight.open();
    return accept(
            signal,
            bytes,
            new Origin(null, Runnable::run),
            reservation,
            Deadline.in(config.workTimeout()))
        .whenComplete((acceptance, failure) -> reservation.close());
  }

  @Override
  public CompletionStage<Acceptance> accept(
      Signal signal,
      byte[] bytes,
      Origin origin,
      Reservation reservation,
      BooleanSupplier overdue) {
    if (!open) {
      return CompletableFuture.completedFuture(refuse(Refusal.stopping(config.retryAfter())));
    }
    OtlpRequest request;
    try {
      request = OtlpRequest.parse(signal, bytes, limits(overdue));
    } catch (MalformedTelemetryException e) {
      return refused(Refusal.malformed("not an OTLP request: " + e.getMessage()));
    } catch (StructureLimitException e) {
      return refused(
          Refusal.tooComplex(
              "a request with " + e.getMessage() + " is not taken; send less at once"));
    } catch (OverdueException e) {
      return refused(Refusal.overdue(config.retryAfter()));
    }
    var attributions = enricher.attribute(request, origin.address()).toCompletableFuture();
    var queued =
        attributions.isDone()
            ? attributions.thenApply(known -> queue(request, known, reservation, overdue))
            : attributions.thenApplyAsync(
                // The time that it waited for its sender's name is not held against it.
                known -> queue(request, known, reservation, Deadline.in(config.workTimeout())),
                origin.executor());
    return queued.exceptionally(failure -> {
      LOG.error("A request could not be taken", failure);
      return refuse(Refusal.internal());
    });
  }

  private CompletionStage<Acceptance> refused(Refusal refusal) {
    return CompletableFuture.completedFuture(refuse(refusal));
  }

  private StructureLimits limits(BooleanSupplier overdue) {
    return new StructureLimits(
        config.maxResources(), config.maxItems(), config.maxFields(), overdue);
  }

  @Override
  public Acceptance refuse(Refusal refusal) {
    ledger.refused(refusal.reason());
    return new Acceptance.Refused(refusal);
  }

  @Override
  public void open() {
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  private Acceptance queue(
      OtlpRequest request,
      List<Attribution> attributions,
      Reservation reservation,
      BooleanSupplier overdue) {
    var chunks =
        new ChunkBuilder(
            request.signal(),
            exporter.chunkBytes(),
            (int) Math.min(config.maxItemBytes().asLongValue(), Integer.MAX_VALUE),
            reservation,
            overdue);
    try {
      chunks.add(request, attributions);
    } catch (ChunkBuilder.NoRoomException e) {
      return refuse(Refusal.full("too many requests are under way", config.retryAfter()));
    } catch (OverdueException e) {
      return refuse(Refusal.overdue(config.retryAfter()));
    }
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
