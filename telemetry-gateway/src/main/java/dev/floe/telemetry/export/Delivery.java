package dev.floe.telemetry.export;

import dev.floe.telemetry.ledger.DropReason;
import dev.floe.telemetry.ledger.FlowKey;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.wire.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the batches of one worker, one after the other.
 *
 * <p>A batch that may be taken later is sent again, for {@code retry.give-up-after} at most. One
 * that the backend refuses for its content or its size is divided, first between its chunks, then
 * each refused chunk down to its items, for {@value #MAX_DIVISIONS} divisions of a chunk at most;
 * what is still refused then is rejected whole. So what one chunk costs never costs another. Every
 * item is counted once, also where an {@code Error} ends a delivery ({@link #abandon}).
 *
 * <p>Belongs to one thread, which it blocks.
 */
final class Delivery {
  /** Of one chunk. Each division costs two requests. */
  static final int MAX_DIVISIONS = 128;

  private static final Logger LOG = Logger.getLogger(Delivery.class);

  /** Beyond its timeout a request is waited for so long; the client's own timer comes first. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String name;
  private final ExportConfig.Destination config;
  private final Backend backend;
  private final Ledger ledger;
  private final DestinationHealth health;
  private final Drain drain;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long started;
  private int countedChunks;
  private int countedShares;
  private @Nullable String lastFailure;

  /**
   * What is sent at once.
   *
   * @param origin of a part of a divided chunk, null for whole chunks
   */
  private record Piece(List<Chunk> chunks, @Nullable Origin origin) {}

  /** A chunk that is divided. */
  private static final class Origin {
    private int divisions;
  }

  Delivery(
      String name,
      ExportConfig.Destination config,
      Backend backend,
      Ledger ledger,
      DestinationHealth health,
      Drain drain) {
    this.name = name;
    this.config = config;
    this.backend = backend;
    this.ledger = ledger;
    this.health = health;
    this.drain = drain;
  }

  /** Delivers a batch; returns when each of its items was counted. */
  void deliver(Signal signal, List<Chunk> batch) throws InterruptedException {
    pieces.add(new Piece(batch, null));
    started = System.nanoTime();
    while (!pieces.isEmpty()) {
      piece(signal, pieces.getFirst());
    }
  }

  /** Counts as dropped what {@link #deliver} has left behind when it failed. */
  void abandon(DropReason reason) {
    while (!pieces.isEmpty()) {
      drop(pieces.getFirst().chunks(), reason);
    }
  }

  private void piece(Signal signal, Piece whole) throws InterruptedException {
    var piece = whole.chunks();
    for (int failures = 1; ; failures++) {
      if (drain.isOver()) {
        drop(piece, DropReason.SHUTDOWN);
        return;
      }
      switch (send(signal, piece)) {
        case Answer.Taken taken -> {
          health.took(taken);
          finish(piece, taken.rejected());
          return;
        }
        case Answer.Refused refused -> {
          health.refused(refused);
          if (!refused.divisible() || !divide(whole)) {
            finish(piece, Long.MAX_VALUE);
          }
          return;
        }
        case Answer.Later later -> {
          if (!pause(failures, later)) {
            drop(piece, DropReason.GAVE_UP);
            return;
          }
        }
      }
    }
  }

  /**
   * Waits until a request may be sent again.
   *
   * @return false where it must not be: it was tried for long enough
   */
  private boolean pause(int failures, Answer.Later later) throws InterruptedException {
    var retry = config.retry();
    var left = retry.giveUpAfter().minusNanos(System.nanoTime() - started);
    if (!left.isPositive()) {
      health.failed(later, null);
      return false;
    }
    var pause =
        Backoff.pause(
            failures,
            retry.initial(),
            retry.max(),
            later.after(),
            left,
            ThreadLocalRandom.current().nextDouble());
    health.failed(later, pause);
    return drain.pause(pause.length()) || pause.sendAgain();
  }

  private Answer send(Signal signal, List<Chunk> piece) throws InterruptedException {
    try {
      var timeout = drain.shorten(config.timeout());
      var answer =
          backend
              .send(signal, piece, timeout)
              .toCompletionStage()
              .toCompletableFuture()
              .get(timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
      lastFailure = null;
      return answer;
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | RuntimeException | Error e) {
      return failed(e);
    }
  }

  /** What no backend said: a fault of the gateway, which may pass (out of memory, for one). */
  private Answer failed(Throwable failure) {
    var why = "internal: " + failure.getClass().getSimpleName();
    if (!why.equals(lastFailure)) {
      LOG.errorf(failure, "Sending to %s failed in an unexpected way and is tried again", name);
      lastFailure = why;
    }
    return new Answer.Later(null, why);
  }

  /**
   * Replaces a piece by smaller ones.
   *
   * @return false where it cannot be divided further
   */
  private boolean divide(Piece piece) {
    var chunks = piece.chunks();
    if (chunks.size() > 1) {
      int middle = chunks.size() / 2;
      pieces.removeFirst();
      pieces.addFirst(new Piece(chunks.subList(middle, chunks.size()), null));
      pieces.addFirst(new Piece(chunks.subList(0, middle), null));
      return true;
    }
    var origin = piece.origin() == null ? new Origin() : piece.origin();
    if (origin.divisions >= MAX_DIVISIONS) {
      return false;
    }
    var parts = ChunkSplitter.halve(chunks.getFirst());
    if (parts.isEmpty()) {
      return false;
    }
    origin.divisions++;
    pieces.removeFirst();
    for (var part : parts.reversed()) {
      pieces.addFirst(new Piece(List.of(part), origin));
    }
    return true;
  }

  /**
   * Counts an answered piece; which of its items a backend refused it does not say, so each sender
   * bears its part.
   */
  private void finish(List<Chunk> piece, long rejected) {
    var rest =
        new Object() {
          long items = piece.stream().mapToLong(Chunk::items).sum();
          long refused = Math.min(rejected, items);
        };
    count(
        piece,
        (key, items) -> {
          long part = rest.items == 0 ? 0 : rest.refused * items / rest.items;
          rest.items -= items;
          rest.refused -= part;
          ledger.delivered(key, items - part, part);
        });
  }

  private void drop(List<Chunk> piece, DropReason reason) {
    count(piece, (key, items) -> ledger.dropped(key, items, reason));
    drain.dropped(reason, piece);
  }

  @FunctionalInterface
  private interface Count {
    void items(FlowKey key, int items);
  }

  /** Counts the items of the first piece; continues where it was interrupted by a failure. */
  private void count(List<Chunk> piece, Count count) {
    while (countedChunks < piece.size()) {
      var chunk = piece.get(countedChunks);
      while (countedShares < chunk.shares().size()) {
        var share = chunk.shares().get(countedShares);
        count.items(new FlowKey(name, chunk.signal(), share.sender()), share.items());
        countedShares++;
      }
      countedShares = 0;
      countedChunks++;
    }
    countedChunks = 0;
    pieces.removeFirst();
  }
}
