package dev.floe.launcher.log;

import dev.floe.kit.problem.FloeException;
import dev.floe.launcher.feed.FeedConfig;
import dev.floe.launcher.feed.Round;
import dev.floe.launcher.feed.Wakes;
import dev.floe.launcher.run.RunService;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads stored logs: from a point on, while they grow, or their end. */
@ApplicationScoped
public class LogService {
  /** Bytes of log that one step of a reader takes from the database, and a piece more. */
  private static final long STEP = 512 << 10;

  /** Of so many last bytes the last lines of an explanation are taken. */
  private static final long TAIL = 64 << 10;

  /** The first lines of a tail are looked for in windows that double up to this. */
  private static final long WIDEST = 2 << 20;

  private final LogStore store;
  private final RunService runs;
  private final Wakes wakes;
  private final FeedConfig feed;

  LogService(LogStore store, RunService runs, Wakes wakes, FeedConfig feed) {
    this.store = store;
    this.runs = runs;
    this.wakes = wakes;
    this.feed = feed;
  }

  /** Where a reader begins; the first that is given decides. */
  record Start(@Nullable Long offset, @Nullable Instant since, @Nullable Integer tail) {}

  /**
   * The end of a log.
   *
   * @param lines its last lines
   * @param missing what of the log could not be had, in words
   */
  public record Tail(List<String> lines, @Nullable String missing) {
    public Tail {
      lines = List.copyOf(lines);
    }
  }

  /** A log from a byte on. */
  record Reading(long offset, Multi<Buffer> bytes) {}

  private record Piece(Buffer bytes, boolean last) {}

  /** Begins to read; fails where there is no such run or attempt. */
  Uni<Reading> read(String runId, int attempt, boolean follow, Start start) {
    return runs.get(runId)
        .chain(run -> {
          boolean mayCome = attempt == run.attempt() + 1 && !run.state().terminal();
          if (attempt < 1 || (attempt > run.attempt() && !mayCome)) {
            return Uni.createFrom()
                .failure(
                    FloeException.notFound("Attempt %d of run '%s'".formatted(attempt, runId)));
          }
          return begin(runId, attempt, start)
              .map(offset -> new Reading(offset, stream(runId, attempt, follow, offset)));
        });
  }

  private Uni<Long> begin(String runId, int attempt, Start start) {
    var offset = start.offset();
    if (offset != null) {
      return Uni.createFrom().item(offset);
    }
    var since = start.since();
    if (since != null) {
      return Panache.withSession(() ->
          store
              .since(runId, attempt, since)
              .chain(found ->
                  found.isPresent()
                      ? Uni.createFrom().item(found.get())
                      : store.state(runId, attempt).map(LogService::bytes)));
    }
    var tail = start.tail();
    if (tail != null) {
      return Panache.withSession(() ->
          store
              .state(runId, attempt)
              .chain(
                  state -> lineStart(runId, attempt, new Search(bytes(state), tail, TAIL, true))));
    }
    return Uni.createFrom().item(0L);
  }

  private static long bytes(Optional<LogStore.LogState> state) {
    return state.map(LogStore.LogState::bytes).orElse(0L);
  }

  /**
   * Looks for the start of lines, backwards.
   *
   * @param end byte before which they stand
   * @param lines how many
   * @param window bytes that are looked at in one statement
   * @param atEnd whether nothing follows
   */
  private record Search(long end, int lines, long window, boolean atEnd) {}

  /** Where so many lines before a byte begin. */
  private Uni<Long> lineStart(String runId, int attempt, Search search) {
    if (search.end() == 0 || search.lines() <= 0) {
      return Uni.createFrom().item(search.end());
    }
    long from = Math.max(0, search.end() - search.window());
    return store
        .between(runId, attempt, from, search.end())
        .chain(chunks -> {
          var part = new LogBytes(chunks, from, search.end());
          long start = part.lineStart(search.lines(), search.atEnd());
          if (start >= 0 || part.bytes().length == 0 || part.from() == 0) {
            return Uni.createFrom().item(Math.max(0, start));
          }
          int left = search.lines() - part.newlines(search.atEnd());
          var next = new Search(part.from(), left, Math.min(WIDEST, search.window() * 2), false);
          return lineStart(runId, attempt, next);
        });
  }

  private static final class Position {
    private final Wakes.@Nullable Waiter waiter;
    private long offset;

    private Position(Wakes.@Nullable Waiter waiter, long offset) {
      this.waiter = waiter;
      this.offset = offset;
    }
  }

  private Multi<Buffer> stream(String runId, int attempt, boolean follow, long offset) {
    var waiter = follow ? wakes.openLog(runId) : null;
    return Multi.createBy()
        .repeating()
        .uni(() -> new Position(waiter, offset), position -> next(runId, attempt, position))
        .whilst(piece -> !piece.last())
        .map(Piece::bytes)
        .onTermination()
        .invoke(() -> {
          if (waiter != null) {
            waiter.close();
          }
        });
  }

  private Uni<Piece> next(String runId, int attempt, Position position) {
    var waiter = position.waiter;
    return waiter == null
        ? read(runId, attempt, position)
        : waiter.repeat(cause -> round(runId, attempt, position, cause));
  }

  private Uni<Round<Piece>> round(String runId, int attempt, Position position, Round.Cause cause) {
    return read(runId, attempt, position)
        .chain(piece -> {
          if (piece.last() || piece.bytes().length() > 0) {
            return Uni.createFrom().<Round<Piece>>item(new Round.Answer<>(piece));
          }
          Round<Piece> more = new Round.Wait<>(feed.heartbeat());
          return cause == Round.Cause.FIRST
              ? Uni.createFrom().item(more)
              : runs.get(runId)
                  .map(run ->
                      run.state().terminal() && run.attempt() < attempt
                          ? new Round.Answer<>(new Piece(Buffer.buffer(), true))
                          : more);
        });
  }

  private Uni<Piece> read(String runId, int attempt, Position position) {
    return Panache.withSession(() ->
        store
            .state(runId, attempt)
            .chain(state ->
                store
                    .between(runId, attempt, position.offset, position.offset + STEP)
                    .map(chunks -> piece(state, chunks, position))));
  }

  private static Piece piece(
      Optional<LogStore.LogState> state, List<LogChunk> chunks, Position position) {
    var bytes = Buffer.buffer();
    long offset = position.offset;
    for (var chunk : chunks) {
      bytes.appendBytes(chunk.from(offset));
      offset = chunk.end();
    }
    position.offset = offset;
    boolean all = chunks.isEmpty() || offset >= state.map(LogStore.LogState::bytes).orElse(0L);
    boolean complete = state.map(LogStore.LogState::complete).orElse(false);
    return new Piece(bytes, all && (complete || position.waiter == null));
  }

  /**
   * The last lines of an attempt's log, read in one statement of bounded size.
   *
   * @param lines most lines; fewer where they are longer than 64 KiB together
   */
  public Uni<Tail> tail(String runId, int attempt, int lines) {
    return Panache.withSession(() ->
        store
            .state(runId, attempt)
            .chain(state -> {
              long end = bytes(state);
              long from = Math.max(0, end - TAIL);
              return store
                  .between(runId, attempt, from, end)
                  .map(chunks ->
                      new Tail(
                          new LogBytes(chunks, from, end).lastLines(lines),
                          state.map(LogStore.LogState::missing).orElse(null)));
            }));
  }
}
