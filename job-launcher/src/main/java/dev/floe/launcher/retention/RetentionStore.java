package dev.floe.launcher.retention;

import dev.floe.launcher.database.Columns;
import dev.floe.launcher.runtime.AttemptRef;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has been kept long enough, in PostgreSQL, by its clock. */
@ApplicationScoped
class RetentionStore {
  /**
   * An object of the runtime that is not needed any more.
   *
   * @param uid null where none was adopted
   * @param tries how often removing it has been tried before
   * @param runIsDue whether its run, too, has been kept long enough
   */
  record Leftover(AttemptRef attempt, @Nullable String uid, int tries, boolean runIsDue) {}

  /**
   * Takes objects that are due. Each is next due after a pause that doubles with every try, from
   * one minute to an hour, and those that were tried least often come first, so that one that
   * cannot be removed keeps nobody else's waiting, and another replica takes others.
   */
  Uni<List<Leftover>> take(Duration age, Duration runAge, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt a
                    set object_tries = a.object_tries + 1,
                      object_due_at = now() + least(
                        interval '1 hour', interval '1 minute' * power(2, least(a.object_tries, 6)))
                    from (select run_id, number from attempt
                      where not object_removed and (object_due_at < now()
                          or (object_due_at is null
                            and finished_at < now() - make_interval(secs => :age)))
                      order by object_tries, finished_at limit :limit for update skip locked) due
                    where a.run_id = due.run_id and a.number = due.number
                    returning a.run_id, a.number, a.namespace, a.uid, a.object_tries - 1,
                      a.finished_at < now() - make_interval(secs => :runAge)\
                    """,
                    Object[].class)
                .setParameter("age", Columns.seconds(age))
                .setParameter("runAge", Columns.seconds(runAge))
                .setParameter("limit", limit)
                .getResultList())
        .map(rows -> rows.stream().map(RetentionStore::leftover).toList());
  }

  private static Leftover leftover(Object[] row) {
    return new Leftover(
        new AttemptRef((String) row[2], (String) row[0], (int) Columns.number(row[1])),
        (String) row[3],
        (int) Columns.number(row[4]),
        (Boolean) row[5]);
  }

  Uni<Integer> removed(AttemptRef attempt) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt set object_removed = true
                    where run_id = :run and number = :number\
                    """)
                .setParameter("run", attempt.runId())
                .setParameter("number", attempt.number())
                .executeUpdate());
  }

  /** An ended attempt. */
  record Key(String runId, int number) {}

  /** Attempts that ended long ago and still have a log, the oldest first, at most so many. */
  Uni<List<Key>> oldLogs(Duration age, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select run_id, number from attempt
                    where finished_at < now() - make_interval(secs => :age) and log_bytes > 0
                    order by finished_at limit :limit\
                    """,
                    Object[].class)
                .setParameter("age", Columns.seconds(age))
                .setParameter("limit", limit)
                .getResultList())
        .map(rows ->
            rows.stream()
                .map(row -> new Key((String) row[0], (int) Columns.number(row[1])))
                .toList());
  }

  /** Removes the log of an attempt that has ended; answers 0 where there is none. */
  Uni<Integer> removeLog(Key attempt) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    with gone as (
                      delete from log_chunk where run_id = :run and attempt = :number)
                    update attempt set log_bytes = 0
                    where run_id = :run and number = :number and log_bytes > 0
                      and finished_at is not null\
                    """)
                .setParameter("run", attempt.runId())
                .setParameter("number", attempt.number())
                .executeUpdate());
  }

  /**
   * Runs that ended long ago and have nothing left in the runtime, the oldest first, at most so
   * many.
   */
  Uni<List<String>> oldRuns(Duration age, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select id from run
                    where finished_at < now() - make_interval(secs => :age)
                      and not exists (
                        select 1 from attempt where attempt.run_id = run.id and not object_removed)
                    order by finished_at limit :limit\
                    """,
                    String.class)
                .setParameter("age", Columns.seconds(age))
                .setParameter("limit", limit)
                .getResultList());
  }

  /** Removes a run with all that belongs to it; answers 0 where it is gone or continues. */
  Uni<Integer> removeRun(String id, Duration age) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    delete from run
                    where id = :id and finished_at < now() - make_interval(secs => :age)
                      and not exists (
                        select 1 from attempt where attempt.run_id = run.id and not object_removed)\
                    """)
                .setParameter("id", id)
                .setParameter("age", Columns.seconds(age))
                .executeUpdate());
  }
}
