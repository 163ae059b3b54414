package dev.floe.telemetry.status;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.enrich.Enricher;
import dev.floe.telemetry.enrich.PodDirectory;
import dev.floe.telemetry.export.Exporter;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.receive.OtlpReceivers;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts together what the features know. */
@ApplicationScoped
class StatusReport {
  private final Ledger ledger;
  private final OtlpReceivers receivers;
  private final Exporter exporter;
  private final PodDirectory directory;
  private final Enricher enricher;
  private final String runtime;

  StatusReport(
      Ledger ledger,
      OtlpReceivers receivers,
      Exporter exporter,
      PodDirectory directory,
      Enricher enricher,
      @ConfigProperty(name = "floe.runtime", defaultValue = "local") String runtime) {
    this.ledger = ledger;
    this.receivers = receivers;
    this.exporter = exporter;
    this.directory = directory;
    this.enricher = enricher;
    this.runtime = runtime;
  }

  TelemetryStatus status() {
    var destinations = exporter.status();
    boolean synced = !runtime.equals("kubernetes") || directory.isSynced();
    return new TelemetryStatus(
        ledger.since(),
        TelemetryStatus.Queue.MEMORY,
        notices(destinations, synced),
        receivers.receivers(),
        destinations,
        ledger.flows(),
        ledger.drops(),
        ledger.refusals(),
        new TelemetryStatus.Senders(runtime, synced, directory.size(), enricher.conflicts()));
  }

  private static List<String> notices(
      List<TelemetryStatus.Destination> destinations, boolean synced) {
    var notices = new ArrayList<String>();
    if (destinations.isEmpty()) {
      notices.add(
          "No destination is configured: telemetry is accepted, counted and dropped. Set"
              + " floe.telemetry.export.destinations.<name>.endpoint");
    } else {
      notices.add("Queues are in memory: what waits is lost if the process is killed");
    }
    for (var destination : destinations) {
      switch (destination.state()) {
        case RETRYING, REFUSING ->
            notices.add(
                "Destination %s: %s".formatted(destination.name(), destination.lastError()));
        case IDLE, OK -> {}
      }
    }
    if (!synced) {
      notices.add(
          "The watch of pods is not connected, or has not listed them yet: telemetry may continue"
              + " without their names");
    }
    return notices;
  }
}
