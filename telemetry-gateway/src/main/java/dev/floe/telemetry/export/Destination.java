package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.ledger.DropReason;
import dev.floe.telemetry.ledger.FlowKey;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** One backend: what waits for it, and the threads that deliver. */
final class Destination {
  private static final Logger LOG = Logger.getLogger(Destination.class);

  private final String name;
  private final ExportConfig.Destination config;
  private final Backend backend;
  private final Ledger ledger;
  private final DestinationHealth health;
  private final long capacity;
  private final AtomicLong held = new AtomicLong();
  private final Map<Signal, Lane> lanes = new EnumMap<>(Signal.class);
  private final List<Thread> workers = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile long drainUntil;

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
        workers.add(Thread.ofVirtual().name(thread).start(() -> work(signal, lane)));
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
        drop(List.of(chunk), DropReason.SHUTDOWN);
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
    drainUntil = System.nanoTime() + bound.toNanos();
    closing.countDown();
    lanes.values().forEach(Lane::close);
  }

  /** Waits for {@link #close} to be done. */
  void awaitClosed() throws InterruptedException {
    for (var worker : workers) {
      worker.join();
    }
    backend.close();
  }

  TelemetryStatus.Destination status() {
    return health.describe(config, held.get(), capacity);
  }

  long heldBytes() {
    return held.get();
  }

  private void work(Signal signal, Lane lane) {
    try {
      for (var batch = lane.take(); batch != null; batch = lane.take()) {
        deliver(signal, batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(Signal signal, List<Chunk> batch) throws InterruptedException {
    long started = System.nanoTime();
    for (int failures = 1; ; failures++) {
      if (closed() && left() <= 0) {
        drop(batch, DropReason.SHUTDOWN);
        return;
      }
      switch (send(signal, batch)) {
        case Answer.Taken taken -> {
          health.took(taken);
          finish(batch, taken.rejected());
          return;
        }
        case Answer.Refused refused -> {
          health.refused(refused);
          if (refused.divisible() && batch.size() > 1) {
            deliver(signal, batch.subList(0, batch.size() / 2));
            deliver(signal, batch.subList(batch.size() / 2, batch.size()));
          } else {
            finish(batch, Long.MAX_VALUE);
          }
          return;
        }
        case Answer.Later later -> {
          health.failed(later);
          var spent = Duration.ofNanos(System.nanoTime() - started);
          if (spent.compareTo(config.retry().giveUpAfter()) > 0) {
            drop(batch, DropReason.GAVE_UP);
            return;
          }
          pause(failures, later);
        }
      }
    }
  }

  private Answer send(Signal signal, List<Chunk> batch) throws InterruptedException {
    var timeout = config.timeout();
    if (closed()) {
      var rest = Duration.ofNanos(Math.max(1_000_000, left()));
      timeout = rest.compareTo(timeout) < 0 ? rest : timeout;
    }
    try {
      return backend.send(signal, batch, timeout).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException | RuntimeException e) {
      LOG.errorf(e, "Sending to %s failed in an unexpected way", name);
      return new Answer.Later(null, "internal: " + e.getClass().getSimpleName());
    }
  }

  private void pause(int failures, Answer.Later later) throws InterruptedException {
    var retry = config.retry();
    var pause =
        Backoff.pause(
            failures,
            retry.initial(),
            retry.max(),
            later.after(),
            ThreadLocalRandom.current().nextDouble());
    if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
      // Being stopped: the time left is better spent trying than waiting.
      Thread.sleep(Math.clamp(left() / 10_000_000, 1, 500));
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private long left() {
    return drainUntil - System.nanoTime();
  }

  /**
   * Counts an answered batch; which of its items a backend refused it does not say, so each sender
   * bears its part.
   */
  private void finish(List<Chunk> batch, long rejected) {
    long items = batch.stream().mapToLong(Chunk::items).sum();
    long refused = Math.min(rejected, items);
    long itemsLeft = items;
    for (var chunk : batch) {
      for (var share : chunk.shares()) {
        long part = itemsLeft == 0 ? 0 : refused * share.items() / itemsLeft;
        itemsLeft -= share.items();
        refused -= part;
        ledger.delivered(key(chunk.signal(), share), share.items() - part, part);
      }
      release(chunk.bytes().length);
    }
  }

  private void drop(List<Chunk> batch, DropReason reason) {
    for (var chunk : batch) {
      for (var share : chunk.shares()) {
        ledger.dropped(key(chunk.signal(), share), share.items(), reason);
      }
      release(chunk.bytes().length);
    }
  }

  private FlowKey key(Signal signal, Chunk.Share share) {
    return new FlowKey(name, signal, share.sender());
  }
}
