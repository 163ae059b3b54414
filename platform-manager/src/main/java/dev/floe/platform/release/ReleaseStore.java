package dev.floe.platform.release;

import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.runtime.JobRun;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * SQL of platforms, releases and their journal. Everything is decided by the database's clock and
 * by compare-and-set; the caller opens the transaction.
 */
@ApplicationScoped
class ReleaseStore {
  /** Type of the event for each warning about a manifest. */
  static final String MANIFEST_WARNING = "ManifestWarning";

  /** How many ends of Jobs are kept for a platform. */
  private static final int JOB_RUNS_KEPT = 50;

  private static final String UNFINISHED = "('PENDING', 'APPLYING', 'VERIFYING')";

  /** Makes the platform's row where there is none and locks it. */
  Uni<PlatformEntity> lock(String platform) {
    return update(
            "insert into platform_manager.platform (name) values (:platform) on conflict do nothing",
            Map.of("platform", platform))
        .chain(() ->
            session()
                .chain(session ->
                    session.find(
                        PlatformEntity.class, platform, org.hibernate.LockMode.PESSIMISTIC_WRITE)));
  }

  Uni<Void> insert(ReleaseEntity release) {
    return session().chain(session -> session.persist(release));
  }

  /** Reads what the database filled in. */
  Uni<Void> refresh(ReleaseEntity release) {
    return session().chain(session -> session.refresh(release));
  }

  Uni<Optional<ReleaseEntity>> find(String platform, int number) {
    return session()
        .chain(
            session -> session.find(ReleaseEntity.class, new ReleaseEntity.Key(platform, number)))
        .map(Optional::ofNullable);
  }

  Uni<Optional<PlatformEntity>> platform(String name) {
    return session()
        .chain(session -> session.find(PlatformEntity.class, name))
        .map(Optional::ofNullable);
  }

  /** Platforms in the order of their names, after a name. */
  Uni<List<PlatformEntity>> platforms(String after, int limit) {
    return session()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from PlatformEntity where name > :after and not removed order by name",
                    PlatformEntity.class)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList());
  }

  /** Releases, the newest first, before a number. */
  Uni<List<ReleaseEntity>> releases(String platform, int before, int limit) {
    return session()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from ReleaseEntity where platform = :platform and number < :before"
                        + " order by number desc",
                    ReleaseEntity.class)
                .setParameter("platform", platform)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultList());
  }

  Uni<List<ReleaseEventEntity>> events(String platform, int release, long after, int limit) {
    return session()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from ReleaseEventEntity where platform = :platform and release = :release"
                        + " and sequence > :after order by sequence",
                    ReleaseEventEntity.class)
                .setParameter("platform", platform)
                .setParameter("release", release)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList());
  }

  /** Releases of a platform that have not ended, the oldest first. */
  Uni<List<ReleaseEntity>> unfinished(String platform) {
    return session()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from ReleaseEntity where platform = :platform and state in"
                        + " (PENDING, APPLYING, VERIFYING) order by number",
                    ReleaseEntity.class)
                .setParameter("platform", platform)
                .getResultList());
  }

  /** Why a release under way gives way. */
  Uni<Interruption> interruption(String platform, int release) {
    return rows(
            """
            select coalesce(max(number) filter (where number > :release and not waits), 0),
                   coalesce(bool_or(aborted) filter (where number = :release), false)
            from platform_manager.release where platform = :platform and number >= :release
            """,
            Map.of("platform", platform, "release", release))
        .map(rows -> rows.getFirst())
        .map(row -> new Interruption(((Number) row[0]).intValue(), (Boolean) row[1]));
  }

  /** Asks for the end of a release that has not ended. */
  Uni<Integer> abort(String platform, int release) {
    return update(
        "update platform_manager.release set aborted = true"
            + " where platform = :platform and number = :release and state in "
            + UNFINISHED,
        Map.of("platform", platform, "release", release));
  }

  /**
   * Plans of a release and of all before it back to the last one that was completed, the oldest
   * first: what earlier ones left was removed when that one was completed.
   */
  Uni<List<String>> plansSinceCompleted(String platform, int upTo) {
    return session()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    select r.plan from platform_manager.release r
                    where r.platform = :platform and r.number <= :upTo
                      and r.number >= coalesce(
                        (select max(c.number) from platform_manager.release c
                         where c.platform = :platform and c.number < :upTo
                           and c.state in ('DEPLOYED', 'SUPERSEDED')), 0)
                    order by r.number
                    """,
                    String.class)
                .setParameter("platform", platform)
                .setParameter("upTo", upTo)
                .getResultList());
  }

  /**
   * Says of objects that a release has applied them.
   *
   * @param uids as a JSON object: UIDs by {@link dev.floe.platform.plan.ObjectKey#text}
   */
  Uni<Integer> applied(String platform, int release, String component, String uids) {
    return update(
        """
        insert into platform_manager.applied_object (platform, object, component, uid, release)
        select :platform, o.key, :component, o.value, :release
        from json_each_text(cast(cast(:uids as text) as json)) o
        on conflict (platform, object) do update
        set component = excluded.component, uid = excluded.uid, release = excluded.release,
            applied_at = clock_timestamp()
        """,
        Map.of("platform", platform, "release", release, "component", component, "uids", uids));
  }

  /** Objects of a platform and their UIDs. */
  Uni<List<Object[]>> uids(String platform) {
    return rows(
        "select object, uid from platform_manager.applied_object where platform = :platform",
        Map.of("platform", platform));
  }

  /** Objects of a platform as they were applied: object, component, uid, release, time. */
  Uni<List<Object[]>> inventory(String platform) {
    return rows(
        """
        select object, component, uid, release, applied_at
        from platform_manager.applied_object where platform = :platform order by object
        """,
        Map.of("platform", platform));
  }

  /** Jobs of a platform that were applied, the newest first: object, uid, component. */
  Uni<List<Object[]>> appliedJobs(String platform) {
    return rows(
        """
        select object, uid, component from platform_manager.applied_object
        where platform = :platform and object like 'Job.batch/%'
        order by release desc, applied_at desc, object
        """,
        Map.of("platform", platform));
  }

  /** Keeps the end of a Job, once. */
  Uni<Integer> jobRun(String platform, int release, String component, JobRun run) {
    return update(
        """
        insert into platform_manager.job_run
          (platform, uid, release, component, job, succeeded, started_at, finished_at, log)
        values (:platform, :uid, :release, :component, :job, :succeeded,
          cast(nullif(cast(:started as text), '') as timestamptz),
          cast(nullif(cast(:finished as text), '') as timestamptz),
          :log)
        on conflict (platform, uid) do nothing
        """,
        Map.of(
            "platform",
            platform,
            "uid",
            run.uid(),
            "release",
            release,
            "component",
            component,
            "job",
            run.job(),
            "succeeded",
            run.succeeded(),
            "started",
            run.startedAt() == null ? "" : run.startedAt().toString(),
            "finished",
            run.finishedAt() == null ? "" : run.finishedAt().toString(),
            "log",
            run.log()));
  }

  /** Forgets the oldest ends of Jobs of a platform. */
  Uni<Integer> forgetJobRuns(String platform) {
    return update(
        """
        delete from platform_manager.job_run where platform = :platform and uid in (
          select uid from platform_manager.job_run where platform = :platform
          order by release desc, finished_at desc nulls last offset :kept)
        """,
        Map.of("platform", platform, "kept", JOB_RUNS_KEPT));
  }

  /** Job runs of a release: component, job, succeeded, start, end, log. */
  Uni<List<Object[]>> jobRuns(String platform, int release) {
    return rows(
        """
        select component, job, succeeded, started_at, finished_at, log
        from platform_manager.job_run where platform = :platform and release = :release
        order by started_at, job
        """,
        Map.of("platform", platform, "release", release));
  }

  /** What was said of the manifest of a release. */
  Uni<List<ReleaseEventEntity>> warnings(String platform, int release) {
    return session()
        .chain(session ->
            session
                .createSelectionQuery(
                    "from ReleaseEventEntity where platform = :platform and release = :release"
                        + " and type = :type order by sequence",
                    ReleaseEventEntity.class)
                .setParameter("platform", platform)
                .setParameter("release", release)
                .setParameter("type", MANIFEST_WARNING)
                .getResultList());
  }

  /** Forgets objects, by {@link dev.floe.platform.plan.ObjectKey#text}. */
  Uni<Integer> forget(String platform, List<String> objects) {
    return update(
        "delete from platform_manager.applied_object where platform = :platform and object in (:objects)",
        Map.of("platform", platform, "objects", objects));
  }

  /**
   * Leases the platform that has waited longest for a rollout, of those that nobody has leased and
   * whose plans this version can read.
   */
  Uni<Optional<Lease>> claim(String owner, Duration length) {
    var sql =
        """
        with free as (
          select p.name from platform_manager.platform p
          cross join lateral (
            select min(r.created_at) as waits_since, max(r.plan_format) as plan_format
            from platform_manager.release r where r.platform = p.name and r.state in %s) waiting
          where (p.lease_until is null or p.lease_until < clock_timestamp())
            and waiting.plan_format <= :format
          order by waiting.waits_since limit 1 for update of p skip locked),
        taken as (
          update platform_manager.platform p
          set lease_owner = :owner, epoch = p.epoch + 1,
              lease_until = clock_timestamp() + make_interval(secs => :seconds)
          from free where p.name = free.name
          returning p.name, p.epoch)
        select name, epoch from taken
        """
            .formatted(UNFINISHED);
    return rows(sql, Map.of("owner", owner, "seconds", seconds(length), "format", PlanText.FORMAT))
        .map(rows ->
            rows.stream()
                .findFirst()
                .map(row -> new Lease((String) row[0], owner, ((Number) row[1]).longValue())));
  }

  /** Makes the lease last longer; false when it is another's by now. */
  Uni<Boolean> renew(Lease lease, Duration length) {
    return update(
            """
            update platform_manager.platform
            set lease_until = clock_timestamp() + make_interval(secs => :seconds)
            where name = :platform and epoch = :epoch and lease_owner = :owner
            """,
            Map.of(
                "seconds", seconds(length),
                "platform", lease.platform(),
                "epoch", lease.epoch(),
                "owner", lease.owner()))
        .map(changed -> changed == 1);
  }

  /** Gives the lease back. */
  Uni<Integer> giveBack(Lease lease) {
    return update(
        """
        update platform_manager.platform set lease_until = null, lease_owner = null
        where name = :platform and epoch = :epoch and lease_owner = :owner
        """,
        Map.of("platform", lease.platform(), "epoch", lease.epoch(), "owner", lease.owner()));
  }

  /**
   * Whether the lease is ours now; unlike {@link #holds} this locks nothing and waits for nobody.
   */
  Uni<Boolean> isHeld(Lease lease) {
    return rows(
            """
            select name, epoch from platform_manager.platform
            where name = :platform and epoch = :epoch and lease_owner = :owner
            """,
            Map.of("platform", lease.platform(), "epoch", lease.epoch(), "owner", lease.owner()))
        .map(rows -> rows.size() == 1);
  }

  /** Locks the platform's row while the lease is ours; false when it is not. */
  Uni<Boolean> holds(Lease lease) {
    return rows(
            """
            select name, epoch from platform_manager.platform
            where name = :platform and epoch = :epoch and lease_owner = :owner for update
            """,
            Map.of("platform", lease.platform(), "epoch", lease.epoch(), "owner", lease.owner()))
        .map(rows -> rows.size() == 1);
  }

  /** Appends to the journal under the next number of its release. */
  Uni<Integer> append(
      String platform,
      int release,
      String type,
      ReleaseState state,
      @Nullable String component,
      String message) {
    return update(
        """
        with numbered as (
          update platform_manager.release set events = events + 1
          where platform = :platform and number = :release returning events)
        insert into platform_manager.release_event
          (platform, release, sequence, type, state, component, message)
        select :platform, :release, events, :type, :state, nullif(:component, ''), :message
        from numbered
        """,
        Map.of(
            "platform", platform,
            "release", release,
            "type", type,
            "state", state.name(),
            "component", component == null ? "" : component,
            "message", message));
  }

  /** Sets where a release stands; an ended one is not changed. */
  Uni<Integer> set(
      String platform,
      int release,
      ReleaseState state,
      int componentsReady,
      @Nullable String message) {
    return update(
        """
        update platform_manager.release
        set state = :state, components_ready = :ready, message = nullif(:message, ''),
            finished_at = case when :ended then clock_timestamp() end
        where platform = :platform and number = :release and state in %s
        """
            .formatted(UNFINISHED),
        Map.of(
            "state",
            state.name(),
            "ready",
            componentsReady,
            "message",
            message == null ? "" : message,
            "ended",
            state.terminal(),
            "platform",
            platform,
            "release",
            release));
  }

  /** Makes a release the one whose plan runs. */
  Uni<Integer> makeCurrent(String platform, int release) {
    return update(
        """
        update platform_manager.platform set current_release = :release, removed = false
        where name = :platform
        """,
        Map.of("platform", platform, "release", release));
  }

  /** Makes a release the one whose bindings jobs inherit. */
  Uni<Integer> bind(String platform, int release) {
    return update(
        "update platform_manager.platform set bound_release = :release where name = :platform",
        Map.of("platform", platform, "release", release));
  }

  Uni<Integer> supersede(String platform, int before) {
    return update(
        """
        update platform_manager.release set state = 'SUPERSEDED'
        where platform = :platform and number < :before and state = 'DEPLOYED'
        """,
        Map.of("platform", platform, "before", before));
  }

  Uni<Integer> markRemoved(String platform) {
    return update(
            "update platform_manager.platform set current_release = 0, bound_release = 0, removed = true"
                + " where name = :platform",
            Map.of("platform", platform))
        .chain(() ->
            update(
                "delete from platform_manager.component where platform = :platform",
                Map.of("platform", platform)))
        .chain(() ->
            update(
                "delete from platform_manager.applied_object where platform = :platform",
                Map.of("platform", platform)));
  }

  /** Events as the API shows them. */
  static List<ReleaseEvent> shown(List<ReleaseEventEntity> rows) {
    return rows.stream().map(ReleaseEventEntity::event).toList();
  }

  private static double seconds(Duration length) {
    return length.toMillis() / 1000.0;
  }

  private static Uni<Mutiny.Session> session() {
    return Panache.getSession();
  }

  private static Uni<Integer> update(String sql, Map<String, Object> parameters) {
    return session()
        .chain(session -> {
          var query = session.createNativeQuery(sql);
          parameters.forEach(query::setParameter);
          return query.executeUpdate();
        });
  }

  private static Uni<List<Object[]>> rows(String sql, Map<String, Object> parameters) {
    return session()
        .chain(session -> {
          var query = session.createNativeQuery(sql, Object[].class);
          parameters.forEach(query::setParameter);
          return query.getResultList();
        });
  }
}
