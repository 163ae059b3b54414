package dev.floe.telemetry.status;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.export.Exporter;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.receive.OtlpReceivers;
import dev.floe.telemetry.wire.Signal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The counts as metrics, per destination and signal: as many as are configured, whoever sends. */
@ApplicationScoped
class FlowMetrics {
  private final MeterRegistry registry;
  private final Ledger ledger;
  private final Exporter exporter;
  private final OtlpReceivers receivers;
  private final List<Meter> meters = new ArrayList<>();

  FlowMetrics(MeterRegistry registry, Ledger ledger, Exporter exporter, OtlpReceivers receivers) {
    this.receivers = receivers;
    this.registry = registry;
    this.ledger = ledger;
    this.exporter = exporter;
  }

  void start(@Observes @Priority(Exporter.START + 50) StartupEvent event) {
    for (var destination : exporter.status()) {
      for (var signal : Signal.values()) {
        if (destination.signals().contains(signal.label())) {
          flow(destination.name(), signal);
        }
      }
      queue(destination.name());
    }
    inFlight();
    for (var signal : Signal.values()) {
      counter("dropped", TelemetryStatus.NO_DESTINATION, signal, TelemetryStatus.Flow::dropped);
    }
    for (var reason : RefusalReason.values()) {
      meters.add(
          FunctionCounter.builder(
                  "floe.telemetry.requests.refused", ledger, counts -> refused(counts, reason))
              .description("Requests that were never accepted")
              .tag("reason", reason.label())
              .register(registry));
    }
  }

  private void inFlight() {
    meters.add(
        Gauge.builder("floe.telemetry.in.flight", receivers, OtlpReceivers::inFlightBytes)
            .description("Memory that requests under way take; 0 while there are none")
            .baseUnit("bytes")
            .register(registry));
  }

  private void flow(String destination, Signal signal) {
    counter("accepted", destination, signal, TelemetryStatus.Flow::accepted);
    counter("exported", destination, signal, TelemetryStatus.Flow::exported);
    counter("rejected", destination, signal, TelemetryStatus.Flow::rejected);
    counter("dropped", destination, signal, TelemetryStatus.Flow::dropped);
    meters.add(
        Gauge.builder(
                "floe.telemetry.items.queued",
                ledger,
                counts -> counts.total(destination, signal).queued())
            .description("Spans, data points and log records that wait")
            .tag("destination", destination)
            .tag("signal", signal.label())
            .register(registry));
  }

  private void counter(
      String outcome,
      String destination,
      Signal signal,
      ToDoubleFunction<TelemetryStatus.Flow> count) {
    meters.add(
        FunctionCounter.builder(
                "floe.telemetry.items." + outcome,
                ledger,
                counts -> count.applyAsDouble(counts.total(destination, signal)))
            .description("Spans, data points and log records")
            .tag("destination", destination)
            .tag("signal", signal.label())
            .register(registry));
  }

  private void queue(String name) {
    meters.add(
        Gauge.builder(
                "floe.telemetry.queue.bytes",
                exporter,
                all ->
                    all.status().stream()
                        .filter(destination -> destination.name().equals(name))
                        .mapToLong(TelemetryStatus.Destination::queuedBytes)
                        .sum())
            .description("Memory that a destination's queue takes")
            .baseUnit("bytes")
            .tag("destination", name)
            .register(registry));
  }

  /** A registry outlives an application that is started again in the same process. */
  void stop(@Observes ShutdownEvent event) {
    meters.forEach(registry::remove);
  }

  private static double refused(Ledger ledger, RefusalReason reason) {
    return ledger.refusals().stream()
        .filter(refusal -> refusal.reason().equals(reason.label()))
        .mapToLong(TelemetryStatus.Refusal::requests)
        .sum();
  }
}
