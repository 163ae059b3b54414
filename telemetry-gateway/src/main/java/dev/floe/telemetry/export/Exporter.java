package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.ledger.DropReason;
import dev.floe.telemetry.ledger.FlowKey;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.wire.Signal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Hands telemetry to every destination that wants it. */
@ApplicationScoped
public class Exporter {
  /** Destinations start before receivers and stop after them. */
  public static final int START = 100;

  /** See {@link #START}. */
  public static final int STOP = 200;

  private static final Logger LOG = Logger.getLogger(Exporter.class);
  private static final int DEFAULT_CHUNK = 1024 * 1024;

  private final ExportConfig config;
  private final Ledger ledger;
  private final Vertx vertx;
  private volatile List<Destination> destinations = List.of();

  Exporter(ExportConfig config, Ledger ledger, Vertx vertx) {
    this.config = config;
    this.ledger = ledger;
    this.vertx = vertx;
  }

  void start(@Observes @Priority(START) StartupEvent event) {
    var started = new ArrayList<Destination>();
    config
        .destinations()
        .forEach((name, one) -> {
          var backend =
              "grpc".equals(one.protocol())
                  ? new GrpcBackend(vertx, one)
                  : new HttpBackend(vertx, one);
          started.add(new Destination(name, one, backend, ledger));
        });
    started.forEach(Destination::start);
    destinations = List.copyOf(started);
    if (started.isEmpty()) {
      LOG.warn(
          "No destination is configured: telemetry is accepted, counted and dropped. Set"
              + " floe.telemetry.export.destinations.<name>.endpoint");
    } else {
      LOG.infof(
          "Delivering to %s; queues are in memory: what waits is lost if the process is killed",
          started.stream().map(Destination::name).toList());
    }
  }

  void stop(@Observes @Priority(STOP) ShutdownEvent event) throws InterruptedException {
    destinations.forEach(destination -> destination.close(config.drain()));
    for (var destination : destinations) {
      destination.awaitClosed();
    }
  }

  /**
   * @return the size that chunks should not exceed, so that each fits into a request to any
   *     destination
   */
  public int chunkBytes() {
    return config.destinations().values().stream()
        .mapToInt(one -> (int) Math.min(one.batchBytes().asLongValue(), Integer.MAX_VALUE))
        .min()
        .orElse(DEFAULT_CHUNK);
  }

  /**
   * Queues chunks of one signal for all destinations that want it, or for none: where one that is
   * required has no room, nothing is taken.
   *
   * @return whether they were taken; if not, the sender should come back later
   */
  public boolean offer(Signal signal, List<Chunk> chunks) {
    long bytes = 0;
    for (var chunk : chunks) {
      bytes += chunk.bytes().length;
    }
    var wanting = new ArrayList<Destination>(destinations.size());
    var without = new ArrayList<Destination>(0);
    for (var destination : destinations) {
      if (!destination.wants(signal)) {
        continue;
      }
      if (destination.reserve(bytes)) {
        wanting.add(destination);
      } else if (destination.required()) {
        for (var reserved : wanting) {
          reserved.release(bytes);
        }
        return false;
      } else {
        without.add(destination);
      }
    }
    wanting.forEach(destination -> destination.put(chunks));
    without.forEach(destination -> destination.refuse(chunks));
    if (wanting.isEmpty() && without.isEmpty()) {
      dropAll(chunks);
    }
    return true;
  }

  /**
   * @return how every destination does
   */
  public List<TelemetryStatus.Destination> status() {
    return destinations.stream().map(Destination::status).toList();
  }

  private void dropAll(List<Chunk> chunks) {
    for (var chunk : chunks) {
      for (var share : chunk.shares()) {
        ledger.acceptedAndDropped(
            new FlowKey(TelemetryStatus.NO_DESTINATION, chunk.signal(), share.sender()),
            share.items(),
            DropReason.NO_DESTINATION);
      }
    }
  }
}
