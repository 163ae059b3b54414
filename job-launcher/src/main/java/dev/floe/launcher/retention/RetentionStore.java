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
  /** An object of the runtime that is not needed any more. */
  record Leftover(AttemptRef attempt, @Nullable String uid) {}

  Uni<List<Leftover>> objects(Duration age, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select run_id, number, namespace, uid from attempt
                    where finished_at < now() - make_interval(secs => :age)
                      and not object_removed
                    order by finished_at limit :limit\
                    """,
                    Object[].class)
                .setParameter("age", Columns.seconds(age))
                .setParameter("limit", limit)
                .getResultList())
        .map(rows ->
            rows.stream()
                .map(row ->
                    new Leftover(
                        new AttemptRef(
                            (String) row[2], (String) row[0], (int) Columns.number(row[1])),
                        (String) row[3]))
                .toList());
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
