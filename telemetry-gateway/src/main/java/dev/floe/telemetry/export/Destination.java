package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.ledger.DropReason;
import dev.floe.telemetry.ledger.FlowKey;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.thread.SupervisedThread;
import dev.floe.telemetry.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * One backend: what waits for it, and the threads that deliver.
 *
 * <p>Each signal has a {@link Lane} of its own and as many workers as the backend has connections;
 * a worker blocks its own virtual thread alone. A worker that meets an {@code Error} counts its
 * batch as dropped and continues ({@link SupervisedThread}).
 */
final class Destination {
  private static final Logger LOG = Logger.getLogger(Destination.class);

  /** After the time to drain is over, workers get so long to count what they hold. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String name;
  private final ExportConfig.Destination config;
  private final Backend backend;
  private final Ledger ledger;
  private final DestinationHealth health;
  private final long capacity;
  private final AtomicLong held = new AtomicLong();
  private final Map<Signal, Lane> lanes = new EnumMap<>(Signal.class);
  private final List<Thread> workers = new ArrayList<>();
  private final Drain drain = new Drain();

  Destination(String name, ExportConfig.Destination config, Backend backend, Ledger ledger) {
    this.name = name;
    this.config = config;
    this.backend = backend;
    this.ledger = ledger;
    this.health = new DestinationHealth(name);
    this.capacity = config.queueBytes().asLongValue();
    for (var signal : config.signals()) {
      lanes.put(signal, new Lane(config.batchBytes().asLongValue(), config.batchDelay()));
    }
  }

  void start() {
    lanes.forEach((signal, lane) -> {
      for (int i = 0; i < config.connections(); i++) {
        var thread = "export-" + name + "-" + signal.label() + "-" + i;
        var delivery = new Delivery(name, config, backend, ledger, health, drain);
        workers.add(
            SupervisedThread.start(thread, () -> work(signal, lane, delivery), health::crashed));
      }
    });
  }

  String name() {
    return name;
  }

  boolean wants(Signal signal) {
    return lanes.containsKey(signal);
  }

  boolean required() {
    return config.required();
  }

  /**
   * Takes room in the queue.
   *
   * @return false where there is too little
   */
  boolean reserve(long bytes) {
    while (true) {
      long now = held.get();
      if (now + bytes > capacity) {
        return false;
      }
      if (held.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }

  /** Queues chunks for which room was taken. */
  void put(List<Chunk> chunks) {
    for (var chunk : chunks) {
      for (var share : chunk.shares()) {
        ledger.queued(key(chunk.signal(), share), share.items());
      }
      var lane = lanes.get(chunk.signal());
      if (lane == null || !lane.put(chunk)) {
        drop(List.of(chunk));
        release(chunk.bytes().length);
      }
    }
  }

  /** Counts chunks for which there was no room. */
  void refuse(List<Chunk> chunks) {
    for (var chunk : chunks) {
      for (var share : chunk.shares()) {
        ledger.acceptedAndDropped(key(chunk.signal(), share), share.items(), DropReason.QUEUE_FULL);
      }
    }
  }

  /**
   * Sends what waits, and takes nothing more; what is left at the end of {@code bound} is dropped.
   */
  void close(Duration bound) {
    drain.begin(bound);
    lanes.values().forEach(Lane::close);
  }

  /** Waits for {@link #close} to be done, and says in the log what was lost. */
  void awaitClosed() throws InterruptedException {
    long end = System.nanoTime() + positive(drain.left()).plus(GRACE).toNanos();
    for (var worker : workers) {
      var _ = worker.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    // A request that began before the end may take longer than the end allows.
    for (var worker : workers) {
      worker.interrupt();
    }
    for (var worker : workers) {
      var _ = worker.join(GRACE);
    }
    for (var lane : lanes.values()) {
      for (var batch = lane.take(); batch != null; batch = lane.take()) {
        drop(batch);
        release(size(batch));
      }
    }
    backend.close();
    if (drain.lost() > 0) {
      LOG.warnf(
          "Destination %s (%s): %d items still waited when the time to drain was over and are lost."
              + " A longer floe.telemetry.export.drain gives it more time. %s",
          name, config.endpoint(), drain.lost(), health.lastError());
    }
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  TelemetryStatus.Destination status() {
    return health.describe(config, held.get(), capacity);
  }

  long heldBytes() {
    return held.get();
  }

  private void work(Signal signal, Lane lane, Delivery delivery) throws InterruptedException {
    for (var batch = lane.take(); batch != null; batch = lane.take()) {
      try {
        delivery.deliver(signal, batch);
      } catch (InterruptedException e) {
        delivery.abandon(DropReason.SHUTDOWN);
        throw e;
      } catch (Throwable failure) {
        delivery.abandon(DropReason.INTERNAL);
        throw failure;
      } finally {
        release(size(batch));
      }
    }
  }

  private void drop(List<Chunk> chunks) {
    for (var chunk : chunks) {
      for (var share : chunk.shares()) {
        ledger.dropped(key(chunk.signal(), share), share.items(), DropReason.SHUTDOWN);
      }
    }
    drain.dropped(DropReason.SHUTDOWN, chunks);
  }

  private static long size(List<Chunk> chunks) {
    long bytes = 0;
    for (var chunk : chunks) {
      bytes += chunk.bytes().length;
    }
    return bytes;
  }

  private FlowKey key(Signal signal, Chunk.Share share) {
    return new FlowKey(name, signal, share.sender());
  }
}
