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
   * one minute to an hour, so that one that cannot be removed keeps nobody else's waiting, and
   * another replica takes others.
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
                      order by finished_at limit :limit for update skip locked) due
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

  /** Removes the logs of attempts that ended long ago; answers of how many. */
  Uni<Integer> removeLogs(Duration age, int limit) {
    return delete(
        """
        with old as (
          select run_id, number from attempt
          where finished_at < now() - make_interval(secs => :age) and log_bytes > 0
          order by finished_at limit :limit for update skip locked),
        gone as (
          delete from log_chunk using old
          where log_chunk.run_id = old.run_id and log_chunk.attempt = old.number)
        update attempt set log_bytes = 0 from old
        where attempt.run_id = old.run_id and attempt.number = old.number\
        """,
        age,
        limit);
  }

  /** Removes runs that ended long ago and have nothing left in the runtime; answers how many. */
  Uni<Integer> removeRuns(Duration age, int limit) {
    return delete(
        """
        delete from run where id in (
          select id from run
          where finished_at < now() - make_interval(secs => :age)
            and not exists (
              select 1 from attempt where attempt.run_id = run.id and not object_removed)
          order by finished_at limit :limit for update skip locked)\
        """,
        age,
        limit);
  }

  private static Uni<Integer> delete(String sql, Duration age, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(sql)
                .setParameter("age", Columns.seconds(age))
                .setParameter("limit", limit)
                .executeUpdate());
  }
}
