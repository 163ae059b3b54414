package dev.floe.launcher.log;

import dev.floe.launcher.database.Columns;
import dev.floe.launcher.feed.FeedStore;
import dev.floe.launcher.feed.Notice;
import dev.floe.launcher.runtime.LogPosition;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Logs in PostgreSQL, in pieces. */
@ApplicationScoped
public class LogStore implements PanacheRepositoryBase<LogChunkEntity, LogChunkId> {
  /** Pieces have no gaps, so the one that holds a byte is the last that begins at or before it. */
  static final String BETWEEN =
      """
      select * from log_chunk
      where run_id = :run and attempt = :attempt
        and first_byte >= coalesce(
          (select max(first_byte) from log_chunk
           where run_id = :run and attempt = :attempt and first_byte <= :from), 0)
        and first_byte < :end and first_byte + length > :from
      order by first_byte\
      """;

  private final FeedStore feed;

  LogStore(FeedStore feed) {
    this.feed = feed;
  }

  /**
   * How an attempt's log stands.
   *
   * @param bytes kept so far
   * @param truncated whether a part of the log is not kept
   * @param complete whether the attempt has ended, so that nothing will follow
   * @param next where reading the runtime's log continues
   * @param closed whether the log's end is stored
   * @param missing what could not be had, in words
   */
  record LogState(
      long bytes,
      boolean truncated,
      boolean complete,
      LogPosition next,
      boolean closed,
      @Nullable String missing) {}

  Uni<Optional<LogState>> state(String runId, int attempt) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select log_bytes, log_truncated, finished_at is not null, log_marker,
                      coalesce(log_skip, log_bytes), log_closed, log_missing
                    from attempt where run_id = :run and number = :attempt\
                    """,
                    Object[].class)
                .setParameter("run", runId)
                .setParameter("attempt", attempt)
                .getSingleResultOrNull())
        .map(row ->
            Optional.ofNullable(row)
                .map(r ->
                    new LogState(
                        Columns.number(r[0]),
                        (Boolean) r[1],
                        (Boolean) r[2],
                        new LogPosition((String) r[3], Columns.number(r[4])),
                        (Boolean) r[5],
                        (String) r[6])));
  }

  /**
   * Adds a piece at the log's end, if the attempt is still in these hands and the log is as long as
   * the writer believes.
   *
   * @param after how the log stands with this piece
   * @return false where it is not; nothing is written then
   */
  Uni<Boolean> append(LogWriter.Position at, byte[] deflated, int length, LogState after) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt set log_bytes = log_bytes + :length,
                      log_truncated = :truncated, log_marker = nullif(:marker, ''),
                      log_skip = :skip, log_closed = :closed,
                      log_missing = coalesce(log_missing, nullif(:missing, ''))
                    where run_id = :run and number = :attempt and epoch = :epoch
                      and finished_at is null and log_bytes = :first and not log_closed\
                    """)
                .setParameter("length", (long) length)
                .setParameter("truncated", after.truncated())
                .setParameter("marker", Objects.requireNonNullElse(after.next().marker(), ""))
                .setParameter("skip", after.next().skip())
                .setParameter("closed", after.closed())
                .setParameter("missing", Objects.requireNonNullElse(after.missing(), ""))
                .setParameter("run", at.runId())
                .setParameter("attempt", at.attempt())
                .setParameter("epoch", at.epoch())
                .setParameter("first", at.offset())
                .executeUpdate()
                .chain(count ->
                    count == 0
                        ? Uni.createFrom().item(false)
                        : session
                            .createNativeQuery(
                                """
                                insert into log_chunk
                                  (run_id, attempt, first_byte, length, data, captured_at)
                                values (:run, :attempt, :first, :length, :data, now())\
                                """)
                            .setParameter("run", at.runId())
                            .setParameter("attempt", at.attempt())
                            .setParameter("first", at.offset())
                            .setParameter("length", length)
                            .setParameter("data", deflated)
                            .executeUpdate()
                            .chain(() -> feed.tell(new Notice(Notice.Kind.LOG, at.runId())))
                            .replaceWith(true)));
  }

  /**
   * Says that the log's end is missing, if the attempt is still in these hands. Touches the
   * attempt's row alone: on a full disk that succeeds where a new piece does not.
   */
  Uni<Integer> lost(LogWriter.Position at, String what) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt set log_truncated = true, log_closed = true,
                      log_missing = coalesce(log_missing, :missing)
                    where run_id = :run and number = :attempt and epoch = :epoch
                      and finished_at is null\
                    """)
                .setParameter("missing", what)
                .setParameter("run", at.runId())
                .setParameter("attempt", at.attempt())
                .setParameter("epoch", at.epoch())
                .executeUpdate());
  }

  /**
   * Pieces that hold a part of a log, in order: one statement, one walk along the key.
   *
   * @param from first byte wanted
   * @param end byte after the last one wanted; bounds how many pieces are read
   */
  Uni<List<LogChunk>> between(String runId, int attempt, long from, long end) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(BETWEEN, LogChunkEntity.class)
                .setParameter("run", runId)
                .setParameter("attempt", attempt)
                .setParameter("from", from)
                .setParameter("end", end)
                .getResultList())
        .map(LogStore::chunks);
  }

  /** First byte captured at or after a time; empty where nothing was. */
  Uni<Optional<Long>> since(String runId, int attempt, Instant time) {
    return find(
            "runId = ?1 and attempt = ?2 and capturedAt >= ?3 order by firstByte",
            runId,
            attempt,
            time)
        .page(Page.ofSize(1))
        .list()
        .map(rows -> rows.stream().map(row -> row.firstByte).findFirst());
  }

  private static List<LogChunk> chunks(List<LogChunkEntity> rows) {
    return rows.stream()
        .map(row -> new LogChunk(row.firstByte, Deflated.inflate(row.data, row.length)))
        .toList();
  }
}
