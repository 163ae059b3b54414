package dev.floe.launcher.feed;

import dev.floe.contract.run.RunEvent;
import dev.floe.contract.run.Verdict;
import dev.floe.launcher.database.Json;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Events of runs in PostgreSQL, written in the transaction of the change they tell of. */
@ApplicationScoped
public class FeedStore implements PanacheRepositoryBase<RunEventEntity, RunEventId> {
  private final Json json;

  FeedStore(Json json) {
    this.json = json;
  }

  /** Adds one event; its sequence was drawn under the lock of the run's row. */
  public Uni<Void> append(RunEvent event) {
    var row = new RunEventEntity();
    row.runId = event.runId();
    row.sequence = event.sequence();
    row.type = event.type();
    row.state = event.state();
    row.attempt = event.attempt();
    row.verdict = json.writeNullable(event.verdict());
    row.message = event.message();
    row.time = event.time();
    return persist(row).replaceWithVoid();
  }

  /** Events after a sequence, oldest first. */
  public Uni<List<RunEvent>> after(String runId, long sequence, int limit) {
    return find("runId = ?1 and sequence > ?2 order by sequence", runId, sequence)
        .page(Page.ofSize(limit))
        .list()
        .map(rows -> rows.stream().map(this::event).toList());
  }

  /** Events of all runs after a place, in the order in which they can be read without gaps. */
  Uni<List<Placed>> after(Place place, int limit) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select * from run_event
                    where (position, run_id, sequence) > (:position, :run, :sequence)
                      and position <
                        cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)
                    order by position, run_id, sequence limit :limit\
                    """,
                    RunEventEntity.class)
                .setParameter("position", place.position())
                .setParameter("run", place.runId())
                .setParameter("sequence", place.sequence())
                .setParameter("limit", limit)
                .getResultList())
        .map(rows ->
            rows.stream()
                .map(
                    row -> new Placed(new Place(row.position, row.runId, row.sequence), event(row)))
                .toList());
  }

  /** The place after which whatever is written from now on stands. */
  Uni<Place> end() {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    "select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text)"
                        + " as bigint)",
                    Long.class)
                .getSingleResult())
        .map(position -> new Place(position, "", 0));
  }

  /** Tells every replica, when the transaction commits. */
  public Uni<Void> tell(Notice notice) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    "select cast(pg_notify(:channel, :payload) as text)", String.class)
                .setParameter("channel", Notifications.CHANNEL)
                .setParameter("payload", notice.payload())
                .getSingleResult())
        .replaceWithVoid();
  }

  /** What grows with everything that happens to these runs, their logs included. */
  Uni<Map<String, String>> positions(List<String> runIds) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select r.id, r.version || ':' || coalesce(sum(a.log_bytes), 0)
                    from run r left join attempt a on a.run_id = r.id
                    where r.id in (:ids) group by r.id\
                    """,
                    Object[].class)
                .setParameter("ids", runIds)
                .getResultList())
        .map(rows ->
            rows.stream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (String) row[1])));
  }

  private RunEvent event(RunEventEntity row) {
    return new RunEvent(
        row.runId,
        row.sequence,
        row.type,
        row.state,
        row.attempt,
        json.readNullable(row.verdict, Verdict.class),
        row.message,
        row.time);
  }
}
