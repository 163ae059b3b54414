package dev.floe.launcher.queue;

import dev.floe.launcher.database.Columns;
import dev.floe.launcher.run.RunRow;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Who looks at which waiting run, in PostgreSQL, by its clock. */
@ApplicationScoped
class ClaimStore {
  /** Advisory lock under which attempts are counted before another begins. */
  private static final long CAPACITY_LOCK = 0x666c_6f65_0001L;

  /** Takes runs that are due, highest priority first; until the look is over nobody else does. */
  Uni<List<String>> claim(int limit, Duration look) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update run set claim = claim + 1,
                      due_at = now() + make_interval(secs => :look)
                    where id in (select id from run
                      where due_at <= now() and state in ('QUEUED', 'RETRYING')
                      order by priority desc, created_at limit :limit
                      for update skip locked)
                    returning id\
                    """,
                    String.class)
                .setParameter("look", Columns.seconds(look))
                .setParameter("limit", limit)
                .getResultList());
  }

  /** Leaves a run waiting, if nobody looked at it since. */
  Uni<Integer> hold(RunRow run, String reason, Duration pause) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update run set holds = holds + 1, waiting_for = :reason,
                      waiting_since = case when waiting_for is distinct from :reason
                        then now() else waiting_since end,
                      due_at = now() + make_interval(secs => :pause),
                      updated_at = case when waiting_for is distinct from :reason
                        then now() else updated_at end,
                      version = version + 1
                    where id = :id and claim = :claim and state in ('QUEUED', 'RETRYING')\
                    """)
                .setParameter("reason", reason)
                .setParameter("pause", Columns.seconds(pause))
                .setParameter("id", run.id())
                .setParameter("claim", run.claim())
                .executeUpdate());
  }

  /** Whether a run has waited for the same reason for so long, without a pause. */
  Uni<Boolean> waited(RunRow run, String reason, Duration length) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select count(*) > 0 from run
                    where id = :id and waiting_for = :reason
                      and waiting_since < now() - make_interval(secs => :length)\
                    """,
                    Boolean.class)
                .setParameter("id", run.id())
                .setParameter("reason", reason)
                .setParameter("length", Columns.seconds(length))
                .getSingleResult());
  }

  /** Until this transaction ends nobody else begins an attempt. */
  Uni<Void> lockCapacity() {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    "select cast(pg_advisory_xact_lock(:lock) as text)", String.class)
                .setParameter("lock", CAPACITY_LOCK)
                .getSingleResult())
        .replaceWithVoid();
  }
}
