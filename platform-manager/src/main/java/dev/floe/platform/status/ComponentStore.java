package dev.floe.platform.status;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SQL of components as they were last seen; the caller opens the transaction. */
@ApplicationScoped
class ComponentStore {
  /** How a component was seen the last time. */
  record Before(boolean ready, boolean available) {}

  /** Forgets the components that are not among these, of which there is at least one. */
  Uni<Integer> keep(String platform, List<String> components) {
    return Panache.getSession()
        .chain(session ->
            session
                .createMutationQuery(
                    "delete ComponentEntity where platform = :platform and name not in :names")
                .setParameter("platform", platform)
                .setParameter("names", components)
                .executeUpdate());
  }

  /**
   * Writes down what was seen.
   *
   * @return what it was before; empty when it was never seen
   */
  Uni<Optional<Before>> put(
      String platform,
      String component,
      boolean ready,
      boolean available,
      String reason,
      @Nullable String message,
      String workloads) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    with before as (
                      select ready, available from platform_manager.component
                      where platform = :platform and name = :name),
                    written as (
                      insert into platform_manager.component as c
                        (platform, name, ready, available, reason, message, workloads)
                      values (:platform, :name, :ready, :available, :reason,
                        nullif(:message, ''), :workloads)
                      on conflict (platform, name) do update
                      set ready = excluded.ready, available = excluded.available,
                          reason = excluded.reason,
                          message = excluded.message, workloads = excluded.workloads,
                          since = case when c.ready = excluded.ready then c.since
                                       else clock_timestamp() end,
                          checked_at = clock_timestamp()
                      returning name)
                    select b.ready, b.available, w.name from written w left join before b on true
                    """,
                    Object[].class)
                .setParameter("platform", platform)
                .setParameter("name", component)
                .setParameter("ready", ready)
                .setParameter("available", available)
                .setParameter("reason", reason)
                .setParameter("message", message == null ? "" : message)
                .setParameter("workloads", workloads)
                .getSingleResult())
        .map(row ->
            row[0] == null
                ? Optional.empty()
                : Optional.of(new Before((Boolean) row[0], (Boolean) row[1])));
  }

  /**
   * Says that components cannot be observed now. Readiness and reason stay as they were seen last,
   * and so does the time of that.
   *
   * @param component empty for every component of the platform
   */
  Uni<Integer> unreachable(String platform, String component, String why) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    update platform_manager.component
                    set message = concat('last seen ', to_char(checked_at at time zone 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '; ', cast(:why as text))
                    where platform = :platform and (:component = '' or name = :component)
                    """)
                .setParameter("why", why)
                .setParameter("platform", platform)
                .setParameter("component", component)
                .executeUpdate());
  }

  Uni<List<ComponentEntity>> all(String platform) {
    return Panache.getSession()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from ComponentEntity where platform = :platform", ComponentEntity.class)
                .setParameter("platform", platform)
                .getResultList());
  }

  /** Claims the looks that are due: each platform is looked at by one replica per interval. */
  Uni<List<String>> claimDue(Duration interval, int limit) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    with due as (
                      select name from platform_manager.platform
                      where current_release > 0 and not removed
                        and observed_at < clock_timestamp() - make_interval(secs => :seconds)
                      order by observed_at limit :limit for update skip locked),
                    claimed as (
                      update platform_manager.platform p set observed_at = clock_timestamp()
                      from due where p.name = due.name returning p.name)
                    select name from claimed
                    """,
                    String.class)
                .setParameter("seconds", interval.toMillis() / 1000.0)
                .setParameter("limit", limit)
                .getResultList());
  }
}
