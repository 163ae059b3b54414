package dev.floe.launcher.run;

import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunEvent;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.launcher.database.Columns;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.feed.FeedStore;
import dev.floe.launcher.feed.Notice;
import dev.floe.launcher.trace.RunSpan;
import dev.floe.launcher.trace.TraceContext;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs in PostgreSQL. Whatever changes a run locks its row first. */
@ApplicationScoped
public class RunStore implements PanacheRepositoryBase<RunEntity, String> {
  private final Json json;
  private final FeedStore feed;

  RunStore(Json json, FeedStore feed) {
    this.json = json;
    this.feed = feed;
  }

  /** A new run, as it is accepted. */
  record NewRun(
      String id,
      RunRequest request,
      @Nullable String idempotencyKey,
      String payloadHash,
      TraceContext trace,
      Duration runTimeout) {}

  /** A run and the hash of what it was submitted with. */
  record Submitted(Run run, String payloadHash) {}

  /** Stores a run that waits; empty where the Idempotency-Key is taken. */
  Uni<Optional<Run>> insert(NewRun fresh, RunChange change) {
    var request = fresh.request();
    // One statement decides who of many takes a key: a second one waits for the first and then
    // inserts nothing, without an error in anybody's log.
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    insert into run (id, state, platform, domain, product, pipeline, priority,
                      request, idempotency_key, payload_hash, trace_id, span_id, parent_span_id,
                      sampled, created_at, updated_at, deadline_at)
                    values (:id, 'QUEUED', :platform, :domain, :product,
                      cast(:pipeline as varchar), :priority, :request, cast(:key as varchar),
                      :hash, :trace, :span, cast(:parent as varchar), :sampled, now(), now(),
                      now() + make_interval(secs => :time))
                    on conflict (idempotency_key) do nothing
                    returning now()\
                    """,
                    Object.class)
                .setParameter("id", fresh.id())
                .setParameter("platform", request.platform())
                .setParameter("domain", request.domain())
                .setParameter("product", request.product())
                .setParameter("pipeline", request.pipeline())
                .setParameter("priority", Objects.requireNonNullElse(request.priority(), 0))
                .setParameter("request", json.write(request))
                .setParameter("key", fresh.idempotencyKey())
                .setParameter("hash", fresh.payloadHash())
                .setParameter("trace", fresh.trace().traceId())
                .setParameter("span", fresh.trace().spanId())
                .setParameter("parent", fresh.trace().parentSpanId())
                .setParameter("sampled", fresh.trace().sampled())
                .setParameter("time", Columns.seconds(fresh.runTimeout()))
                .getSingleResultOrNull())
        .chain(inserted -> {
          if (inserted == null) {
            return Uni.createFrom().item(Optional.empty());
          }
          var now = time(inserted);
          return findById(fresh.id())
              .chain(row -> apply(row, change.waiting("capacity", now), now))
              .map(Optional::of);
        });
  }

  Uni<Optional<Submitted>> findByKey(String idempotencyKey) {
    return find("idempotencyKey", idempotencyKey)
        .firstResult()
        .map(row -> Optional.ofNullable(row).map(r -> new Submitted(run(r), r.payloadHash)));
  }

  public Uni<Optional<Run>> read(String id) {
    return findById(id).map(row -> Optional.ofNullable(row).map(this::run));
  }

  /** Runs that match, newest first. */
  Uni<List<Run>> list(RunFilter filter, int limit) {
    var text = new StringBuilder("1 = 1");
    var values = new HashMap<String, Object>();
    filter
        .conditions()
        .forEach((field, value) -> {
          text.append(" and ").append(field).append(" = :").append(field);
          values.put(field, value);
        });
    if (filter.updatedSince() != null) {
      text.append(" and updatedAt >= :since");
      values.put("since", filter.updatedSince());
    }
    if (filter.before() != null) {
      text.append(" and id < :before");
      values.put("before", filter.before());
    }
    return find(text + " order by id desc", values)
        .page(Page.ofSize(limit))
        .list()
        .map(rows -> rows.stream().map(this::run).toList());
  }

  /** Locks the run's row until the transaction ends; empty where there is none. */
  public Uni<Optional<RunRow>> lock(String id) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery("select now() from run where id = :id for update", Object.class)
                .setParameter("id", id)
                .getSingleResultOrNull())
        .chain(now ->
            now == null
                ? Uni.createFrom().item(Optional.empty())
                : findById(id).map(row -> Optional.of(row(row, time(now)))));
  }

  /** A run, as this transaction sees it. */
  public Uni<Optional<RunRow>> row(String id) {
    return now()
        .chain(now -> findById(id).map(row -> Optional.ofNullable(row).map(r -> row(r, now))));
  }

  /** These runs, as this transaction sees them. */
  public Uni<List<RunRow>> rows(List<String> ids) {
    return now()
        .chain(now ->
            list("id in ?1 order by priority desc, createdAt", ids)
                .map(rows -> rows.stream().map(row -> row(row, now)).toList()));
  }

  /** Changes a run whose row this transaction has locked. */
  public Uni<Run> change(RunRow locked, RunChange change) {
    return findById(locked.id()).chain(row -> apply(row, change, locked.now()));
  }

  /**
   * A run whose own time is over.
   *
   * @param deadline when it was over, as PostgreSQL writes it
   */
  public record Overdue(String id, String deadline) {
    /** Before all of them. */
    public static final Overdue FIRST = new Overdue("", "-infinity");
  }

  /**
   * Runs whose own time is over and that are not being ended already, the oldest first, at most so
   * many.
   *
   * @param after the last one seen
   */
  public Uni<List<Overdue>> overdue(Overdue after, int limit) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select id, cast(deadline_at as text) from run
                    where finished_at is null and deadline_at < now() and stop_reason is null
                      and (deadline_at, id) > (cast(cast(:deadline as text) as timestamptz), :id)
                    order by deadline_at, id limit :limit\
                    """,
                    Object[].class)
                .setParameter("deadline", after.deadline())
                .setParameter("id", after.id())
                .setParameter("limit", limit)
                .getResultList())
        .map(rows ->
            rows.stream().map(row -> new Overdue((String) row[0], (String) row[1])).toList());
  }

  /** How many runs wait. */
  Uni<Long> waiting() {
    return count("dueAt is not null");
  }

  private Uni<Run> apply(RunEntity row, RunChange change, Instant now) {
    row.state = change.state;
    row.waitingFor = change.waitingFor;
    row.dueAt = change.dueAt;
    row.nextAttemptAt = change.nextAttemptAt;
    row.updatedAt = now;
    row.holds = 0;
    row.attempt = Objects.requireNonNullElse(change.attempt, row.attempt);
    row.budgetFrom = Objects.requireNonNullElse(change.budgetFrom, row.budgetFrom);
    row.deadlineAt = Objects.requireNonNullElse(change.deadlineAt, row.deadlineAt);
    if (row.startedAt == null) {
      row.startedAt = change.startedAt;
    }
    if (change.memorySet) {
      row.memory = change.memory;
    }
    if (change.verdictSet) {
      row.verdict = json.writeNullable(change.verdict);
    }
    var span = change.span;
    if (span != null) {
      row.spanId = span.context().spanId();
      row.spanBeganAt = span.began();
      row.spanLinks = span.linksText();
    }
    row.finishedAt = change.state.terminal() ? now : null;
    row.stopReason =
        change.state == RunState.CANCELLING
            ? Objects.requireNonNullElse(change.stopReason, row.stopReason)
            : null;
    Uni<Void> told = Uni.createFrom().voidItem();
    for (var telling : change.tellings) {
      row.lastEvent++;
      var event =
          new RunEvent(
              row.id,
              row.lastEvent,
              telling.reason().value(),
              row.state,
              row.attempt,
              telling.verdict(),
              telling.message(),
              now);
      told = told.chain(() -> feed.append(event));
    }
    var kind = change.dueAt == null ? Notice.Kind.STATE : Notice.Kind.QUEUE;
    return told.chain(() -> feed.tell(new Notice(kind, row.id)))
        .chain(this::flush)
        .map(done -> run(row));
  }

  private Uni<Instant> now() {
    return getSession()
        .chain(session -> session.createNativeQuery("select now()", Object.class).getSingleResult())
        .map(RunStore::time);
  }

  private static Instant time(Object column) {
    return Objects.requireNonNull(Columns.instant(column));
  }

  private RunRow row(RunEntity row, Instant now) {
    return new RunRow(
        run(row),
        row.budgetFrom,
        row.memory,
        row.stopReason,
        new RunSpan(
            new TraceContext(row.traceId, row.spanId, row.parentSpanId, row.sampled),
            Objects.requireNonNullElse(row.spanBeganAt, row.createdAt),
            RunSpan.links(row.spanLinks)),
        row.deadlineAt,
        row.claim,
        row.holds,
        now);
  }

  private Run run(RunEntity row) {
    return new Run(
        row.id,
        row.state,
        row.waitingFor,
        json.read(row.request, RunRequest.class),
        row.attempt,
        json.readNullable(row.verdict, Verdict.class),
        row.idempotencyKey,
        row.traceId,
        row.createdAt,
        row.updatedAt,
        row.startedAt,
        row.finishedAt,
        row.nextAttemptAt,
        row.version);
  }
}
