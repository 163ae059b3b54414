package dev.floe.launcher.attempt;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.AttemptState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.launcher.database.Columns;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.retry.AttemptBudget;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Attempts in PostgreSQL. Where a run's row is locked too, it is locked first. */
@ApplicationScoped
public class AttemptStore implements PanacheRepositoryBase<AttemptEntity, AttemptId> {
  private final Json json;

  AttemptStore(Json json) {
    this.json = json;
  }

  /** An attempt as it begins. */
  record NewAttempt(
      AttemptKey key,
      String namespace,
      @Nullable String memory,
      List<EnvVar> bindings,
      String spanId,
      String owner,
      Duration lease,
      Duration launchTimeout) {}

  Uni<Void> insert(NewAttempt fresh, Instant now) {
    var row = new AttemptEntity();
    row.runId = fresh.key().runId();
    row.number = fresh.key().number();
    row.epoch = fresh.key().epoch();
    row.state = AttemptState.LAUNCHING;
    row.namespace = fresh.namespace();
    row.memory = fresh.memory();
    row.bindings = json.write(fresh.bindings());
    row.spanId = fresh.spanId();
    row.owner = fresh.owner();
    row.leaseUntil = now.plus(fresh.lease());
    row.createdAt = now;
    row.launchDeadlineAt = now.plus(fresh.launchTimeout());
    return persistAndFlush(row).replaceWithVoid();
  }

  /** Attempts that have not ended. */
  Uni<Long> active() {
    return count("finishedAt is null");
  }

  Uni<Optional<AttemptRow>> read(AttemptId id) {
    return findById(id).map(row -> Optional.ofNullable(row).map(this::row));
  }

  Uni<List<Attempt>> ofRun(String runId) {
    return list("runId = ?1 order by number", runId)
        .map(rows -> rows.stream().map(this::attempt).toList());
  }

  /** Locks an attempt and changes it, if it is still in these hands and has not ended. */
  Uni<AttemptRow> change(AttemptKey key, Consumer<AttemptEntity> change) {
    return findById(key.id(), LockModeType.PESSIMISTIC_WRITE)
        .map(row -> {
          if (row == null || row.epoch != key.epoch() || row.finishedAt != null) {
            throw new FencedException(key);
          }
          change.accept(row);
          return row;
        })
        .call(this::flush)
        .map(this::row);
  }

  /** As {@link #change}, but only from a state; answers whether it changed. */
  Uni<Boolean> changeFrom(AttemptState from, AttemptKey key, Consumer<AttemptEntity> change) {
    var changed = new AtomicBoolean();
    return change(
            key,
            row -> {
              if (row.state == from) {
                changed.set(true);
                change.accept(row);
              }
            })
        .map(row -> changed.get());
  }

  /**
   * Records the end.
   *
   * @param uid of the object that it was decided on; fails with a {@link StaleException} where the
   *     attempt has adopted another since
   */
  Uni<AttemptRow> end(AttemptKey key, @Nullable String uid, AttemptEnd end, Instant now) {
    return change(
        key,
        row -> {
          if (!Objects.equals(uid, row.uid)) {
            throw new StaleException(key);
          }
          row.failing = null;
          row.failingSince = null;
          row.failingAlikeSince = null;
          if (!end.observed()) {
            row.objectDueAt = now; // what may still run is removed as soon as that can be done
          }
          row.state =
              switch (end.verdict().category()) {
                case SUCCESS -> AttemptState.SUCCEEDED;
                case CANCELLED -> AttemptState.CANCELLED;
                default -> AttemptState.FAILED;
              };
          row.verdict = json.write(end.verdict());
          row.category = end.verdict().category();
          row.pod = end.pod() == null ? row.pod : end.pod();
          row.node = end.node() == null ? row.node : end.node();
          row.startedAt = row.startedAt == null ? end.startedAt() : row.startedAt;
          row.finishedAt = now;
        });
  }

  /** Whether the attempt's row names this object, whoever holds it and however it stands. */
  Uni<Boolean> names(AttemptId id, String uid) {
    return findById(id).map(row -> row != null && uid.equals(row.uid));
  }

  /** Writes the uid of the object that may run, once, and not when the run is to end. */
  Uni<Boolean> adopt(AttemptKey key, String uid) {
    return getSession()
        .chain(session ->
            keyed(
                    session,
                    """
                    update attempt a set uid = :uid
                    where a.run_id = :run and a.number = :number and a.epoch = :epoch
                      and a.finished_at is null and a.decided is null
                      and (a.uid is null or a.uid = :uid)
                      and exists (select 1 from run r
                        where r.id = a.run_id and r.state = 'LAUNCHING')\
                    """,
                    key)
                .setParameter("uid", uid)
                .executeUpdate())
        .map(count -> count == 1);
  }

  /** A lease that was renewed. */
  record Renewed(AttemptKey key, boolean ending) {}

  /**
   * Renews every lease of an owner in one statement. Time after a lease ran out, while no launcher
   * or no database was there, is not a launch time.
   */
  Uni<List<Renewed>> renew(String owner, Duration lease) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt a set lease_until = now() + make_interval(secs => :lease),
                      launch_deadline_at =
                        a.launch_deadline_at + greatest(now() - a.lease_until, interval '0')
                    from run r
                    where r.id = a.run_id and a.owner = :owner and a.finished_at is null
                    returning a.run_id, a.number, a.epoch, r.state = 'CANCELLING'\
                    """,
                    Object[].class)
                .setParameter("owner", owner)
                .setParameter("lease", Columns.seconds(lease))
                .getResultList())
        .map(rows -> rows.stream().map(row -> new Renewed(key(row), (Boolean) row[3])).toList());
  }

  /**
   * Takes attempts whose lease has run out, with a new epoch. Time since then is not a launch time.
   */
  Uni<List<AttemptKey>> takeOver(String owner, Duration lease, int limit) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt a
                    set owner = :owner, epoch = a.epoch + 1,
                      lease_until = now() + make_interval(secs => :lease),
                      launch_deadline_at = a.launch_deadline_at + (now() - a.lease_until)
                    from (select run_id, number from attempt
                      where finished_at is null and lease_until < now()
                      order by lease_until limit :limit for update skip locked) lost
                    where a.run_id = lost.run_id and a.number = lost.number
                    returning a.run_id, a.number, a.epoch\
                    """,
                    Object[].class)
                .setParameter("owner", owner)
                .setParameter("lease", Columns.seconds(lease))
                .setParameter("limit", limit)
                .getResultList())
        .map(rows -> rows.stream().map(AttemptStore::key).toList());
  }

  /** Lets others take an owner's attempts at once. */
  Uni<Integer> letGo(String owner) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update attempt set lease_until = now() - interval '1 second'
                    where owner = :owner and finished_at is null\
                    """)
                .setParameter("owner", owner)
                .executeUpdate());
  }

  /** Ended attempts per category, from a number on. */
  Uni<AttemptBudget> spent(String runId, int fromNumber) {
    return list("runId = ?1 and number >= ?2 and category is not null", runId, fromNumber)
        .map(rows -> {
          var budget = AttemptBudget.NONE;
          for (var row : rows) {
            VerdictCategory category = row.category;
            budget = category == null ? budget : budget.plus(category);
          }
          return budget;
        });
  }

  private static Mutiny.MutationQuery keyed(Mutiny.Session session, String sql, AttemptKey key) {
    return session
        .createNativeQuery(sql)
        .setParameter("run", key.runId())
        .setParameter("number", key.number())
        .setParameter("epoch", key.epoch());
  }

  private static AttemptKey key(Object[] row) {
    return new AttemptKey((String) row[0], (int) Columns.number(row[1]), Columns.number(row[2]));
  }

  private AttemptRow row(AttemptEntity row) {
    return new AttemptRow(
        attempt(row),
        new AttemptKey(row.runId, row.number, row.epoch),
        row.uid,
        json.readNullable(row.decided, Verdict.class),
        row.decidedAt,
        json.read(row.bindings, new TypeReference<List<EnvVar>>() {}),
        row.spanId,
        row.launchDeadlineAt,
        row.releasedAt,
        row.failing,
        row.failingSince,
        row.failingAlikeSince);
  }

  private Attempt attempt(AttemptEntity row) {
    return new Attempt(
        row.runId,
        row.number,
        row.state,
        row.runId + "-" + row.number,
        row.namespace,
        row.pod,
        row.node,
        row.memory,
        json.readNullable(row.verdict, Verdict.class),
        row.createdAt,
        row.startedAt,
        row.finishedAt,
        row.logBytes,
        row.logTruncated);
  }
}
