package dev.floe.platform.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.JobRunDetails;
import dev.floe.contract.platform.PlatformDetails.AppliedObjectDetails;
import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.ObjectKey;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.plan.RunOnceJob;
import dev.floe.platform.runtime.JobRun;
import dev.floe.yaml.SecretWords;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to releases, each step one transaction. */
@ApplicationScoped
public class ReleaseJournal {
  private final ReleaseStore store;

  ReleaseJournal(ReleaseStore store) {
    this.store = store;
  }

  /**
   * What is to be rolled out.
   *
   * @param manifest without secrets, as JSON
   * @param plan as JSON
   * @param basedOn number of the platform's last release when a plan was made that takes something
   *     over from it; 0 where the plan is the manifest's alone
   */
  public record Draft(
      String platform,
      ReleaseAction action,
      @Nullable String version,
      int components,
      String manifest,
      String plan,
      int basedOn) {
    /** One whose plan is the manifest's alone. */
    public Draft(
        String platform,
        ReleaseAction action,
        @Nullable String version,
        int components,
        String manifest,
        String plan) {
      this(platform, action, version, components, manifest, plan, 0);
    }
  }

  /**
   * Accepts a release. A repeated call while an equal release is under way answers that one. A
   * release that has not begun is given up in favour of this one; one that has begun gives way at
   * its next step.
   *
   * @param warnings about the manifest, written into the journal first
   * @param busy what happens while another release is under way
   * @return fails with a conflict where another is under way that is not to be replaced
   */
  public Uni<StoredRelease> accept(Draft draft, List<String> warnings, IfBusy busy) {
    return Panache.withTransaction(() ->
        store
            .lock(draft.platform())
            .chain(row ->
                store
                    .unfinished(draft.platform())
                    .chain(unfinished -> {
                      var last = unfinished.isEmpty() ? null : unfinished.getLast();
                      if (last != null && same(last, draft)) {
                        return Uni.createFrom().item(last.stored());
                      }
                      if (last != null && busy == IfBusy.REFUSE) {
                        throw busy(last);
                      }
                      if (draft.basedOn() > 0 && draft.basedOn() != row.lastRelease) {
                        throw FloeException.of(
                            ProblemType.CONFLICT,
                            "Release %d of %s came meanwhile: try again"
                                .formatted(row.lastRelease, draft.platform()));
                      }
                      row.lastRelease++;
                      boolean waits = busy == IfBusy.WAIT;
                      return insert(draft, row.lastRelease, waits)
                          .call(release -> warn(release, warnings))
                          .call(() -> waits ? nothing() : giveUp(unfinished, row.lastRelease));
                    })));
  }

  /** The newest release of the platform where it is deployed and equal to a draft. */
  public Uni<Optional<StoredRelease>> deployed(Draft draft) {
    return Panache.withSession(() ->
        store
            .releases(draft.platform(), Integer.MAX_VALUE, 1)
            .map(newest ->
                newest.stream()
                    .filter(release -> release.state == ReleaseState.DEPLOYED)
                    .filter(release -> same(release, draft))
                    .map(ReleaseEntity::stored)
                    .findFirst()));
  }

  private Uni<Void> warn(StoredRelease release, List<String> warnings) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (var warning : warnings) {
      all =
          all.chain(() ->
                  store.append(
                      release.platform(),
                      release.number(),
                      ReleaseStore.MANIFEST_WARNING,
                      ReleaseState.PENDING,
                      null,
                      warning))
              .replaceWithVoid();
    }
    return all;
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }

  private static FloeException busy(ReleaseEntity last) {
    return FloeException.of(
        ProblemType.CONFLICT,
        "Release %d of %s is %s: wait for its end, replace it, or abort it"
            .formatted(last.number, last.platform, last.state));
  }

  /**
   * Asks for the end of a release: at once where it has not begun, else at its next step. What it
   * has applied stays until the next release.
   *
   * @return the release as it is then; fails with a conflict where it has ended, and 404 where
   *     there is none
   */
  public Uni<StoredRelease> abort(String platform, int number) {
    return Panache.withTransaction(() ->
        store
            .lock(platform)
            .chain(() -> store.find(platform, number))
            .map(found -> found.orElseThrow(() -> missing(platform, number)))
            .chain(release -> {
              if (release.state.terminal()) {
                throw FloeException.of(
                    ProblemType.CONFLICT,
                    "Release %d of %s has ended: %s".formatted(number, platform, release.state));
              }
              return release.state == ReleaseState.PENDING
                  ? end(
                      platform,
                      number,
                      release.componentsReady,
                      "aborted on request before it had begun")
                  : store.abort(platform, number).replaceWithVoid();
            })
            .chain(() -> store.find(platform, number))
            .map(Optional::orElseThrow)
            .call(store::refresh)
            .map(ReleaseEntity::stored));
  }

  /** Why a release under way gives way. */
  public Uni<Interruption> interruption(String platform, int number) {
    return Panache.withSession(() -> store.interruption(platform, number));
  }

  private static FloeException missing(String platform, int number) {
    return FloeException.notFound("Release %d of platform %s".formatted(number, platform));
  }

  private static boolean same(ReleaseEntity last, Draft draft) {
    return last.action == draft.action()
        && last.manifest.equals(draft.manifest())
        && last.plan.equals(draft.plan());
  }

  private Uni<StoredRelease> insert(Draft draft, int number, boolean waits) {
    var release = new ReleaseEntity();
    release.platform = draft.platform();
    release.number = number;
    release.action = draft.action();
    release.version = draft.version();
    release.components = draft.components();
    release.waits = waits;
    release.manifest = draft.manifest();
    release.plan = draft.plan();
    release.planFormat = PlanText.format(draft.plan());
    return store
        .insert(release)
        .chain(Panache::flush)
        .chain(() -> store.refresh(release))
        .map(ignored -> release.stored());
  }

  private Uni<Void> giveUp(List<ReleaseEntity> unfinished, int by) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (var release : unfinished) {
      if (release.state == ReleaseState.PENDING) {
        var words = "given up: release %d came before it had begun".formatted(by);
        all =
            all.chain(() -> end(release.platform, release.number, release.componentsReady, words));
      }
    }
    return all;
  }

  private Uni<Void> end(String platform, int number, int componentsReady, String message) {
    return store
        .set(platform, number, ReleaseState.ABORTED, componentsReady, message)
        .chain(() ->
            store.append(platform, number, "ReleaseAborted", ReleaseState.ABORTED, null, message))
        .replaceWithVoid();
  }

  /** Leases a platform with something to roll out. */
  public Uni<Optional<Lease>> claim(String owner, Duration length) {
    return Panache.withTransaction(() -> store.claim(owner, length));
  }

  /** Makes a lease last longer; false when it is another's by now. */
  public Uni<Boolean> renew(Lease lease, Duration length) {
    return Panache.withTransaction(() -> store.renew(lease, length));
  }

  /**
   * Whether a lease is still its owner's. One that has run out is, until another replica claims the
   * platform.
   */
  public Uni<Boolean> isHeld(Lease lease) {
    return Panache.withSession(() -> store.isHeld(lease));
  }

  /** Gives a lease back before it ends. */
  public Uni<Void> giveBack(Lease lease) {
    return Panache.withTransaction(() -> store.giveBack(lease)).replaceWithVoid();
  }

  /** Releases of a platform that have not ended, the oldest first. */
  public Uni<List<StoredRelease>> unfinished(String platform) {
    return Panache.withSession(() -> store.unfinished(platform))
        .map(rows -> rows.stream().map(ReleaseEntity::stored).toList());
  }

  /**
   * Objects that a release and those before it may have applied and that may still be there, in the
   * order they were applied. An object that several releases have is returned as the last of them
   * has it.
   *
   * @param upTo number of the newest release to take into account
   */
  public Uni<List<AppliedObject>> applied(String platform, int upTo) {
    return Panache.withSession(() ->
        store
            .plansSinceCompleted(platform, upTo)
            .chain(plans -> store.uids(platform).map(uids -> applied(plans, uids))));
  }

  private static List<AppliedObject> applied(List<String> plans, List<Object[]> rows) {
    var uids = new HashMap<String, String>();
    rows.forEach(row -> uids.put((String) row[0], (String) row[1]));
    var objects = new LinkedHashMap<ObjectKey, AppliedObject>();
    for (var plan : plans) {
      for (var object : PlanText.objects(plan)) {
        var key = ObjectKey.of(object);
        objects.putLast(key, new AppliedObject(object, uids.get(key.text())));
      }
    }
    return List.copyOf(objects.values());
  }

  /**
   * Writes down which objects were applied.
   *
   * @param objects with their UIDs
   * @return fails with {@link LeaseLostException} when the lease is another's by now
   */
  public Uni<Void> recordApplied(
      Lease lease, int release, String component, List<AppliedObject> objects) {
    var uids = JsonNodeFactory.instance.objectNode();
    objects.forEach(object -> uids.put(object.key().text(), object.uid()));
    return Panache.withTransaction(() ->
        held(lease)
            .chain(() -> store.applied(lease.platform(), release, component, uids.toString()))
            .replaceWithVoid());
  }

  /**
   * Writes down Jobs that have ended, each once.
   *
   * @return fails with {@link LeaseLostException} when the lease is another's by now
   */
  public Uni<Void> recordJobs(Lease lease, int release, String component, List<JobRun> runs) {
    return Panache.withTransaction(() -> {
      var all = held(lease);
      for (var run : runs) {
        all =
            all.chain(
                () -> store.jobRun(lease.platform(), release, component, run).replaceWithVoid());
      }
      return all.chain(() -> store.forgetJobRuns(lease.platform())).replaceWithVoid();
    });
  }

  /** Jobs that have ended and whose end a release saw, the first one first. */
  public Uni<List<JobRunDetails>> jobRuns(String platform, int release) {
    return Panache.withSession(() ->
            store
                .find(platform, release)
                .map(found -> found.orElseThrow(() -> missing(platform, release)))
                .chain(() -> store.jobRuns(platform, release)))
        .map(rows ->
            rows.stream()
                .map(row ->
                    new JobRunDetails(
                        (String) row[0],
                        (String) row[1],
                        (Boolean) row[2],
                        instant(row[3]),
                        instant(row[4]),
                        (String) row[5]))
                .toList());
  }

  private static @Nullable Instant instant(@Nullable Object time) {
    return time == null ? null : ((OffsetDateTime) time).toInstant();
  }

  /**
   * Jobs that any release applied and that may still be there.
   *
   * @param components of which some are left out
   * @param without how many of those that differ in their hash alone, the newest ones
   */
  public Uni<List<AppliedObject>> jobs(String platform, Set<String> components, int without) {
    return Panache.withSession(() -> store.appliedJobs(platform))
        .map(rows -> {
          var seen = new HashMap<String, Integer>();
          var jobs = new ArrayList<AppliedObject>();
          for (var row : rows) {
            var job = job((String) row[0]);
            var family = row[2] + "/" + RunOnceJob.family(ObjectKey.of(job));
            boolean newest = seen.merge(family, 1, Integer::sum) <= without;
            if (!newest || !components.contains((String) row[2])) {
              jobs.add(new AppliedObject(job, (String) row[1]));
            }
          }
          return jobs;
        });
  }

  /**
   * @param key {@code Job.batch/namespace/name}
   */
  private static ObjectNode job(String key) {
    var parts = key.split("/", 3);
    var job =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1").put("kind", "Job");
    job.putObject("metadata").put("namespace", parts[1]).put("name", parts[2]);
    return job;
  }

  /**
   * Writes down that objects are not floe's any more: gone, or left to others.
   *
   * @param objects at least one
   * @return fails with {@link LeaseLostException} when the lease is another's by now
   */
  public Uni<Void> forget(Lease lease, List<AppliedObject> objects) {
    var keys = objects.stream().map(object -> object.key().text()).toList();
    return Panache.withTransaction(
        () -> held(lease).chain(() -> store.forget(lease.platform(), keys)).replaceWithVoid());
  }

  /**
   * Domains that a release and those before it may have prepared, each as often as it was planned
   * differently.
   *
   * @param upTo number of the newest release to take into account
   */
  public Uni<List<PlannedDomain>> domains(String platform, int upTo) {
    return Panache.withSession(() -> store.plansSinceCompleted(platform, upTo))
        .map(plans ->
            plans.stream().flatMap(plan -> PlanText.domains(plan).stream()).distinct().toList());
  }

  /**
   * One step of a rollout.
   *
   * @param type of the event that is written; null changes the state without one
   * @param message for people; also stands on the release until the next step
   */
  public record Step(
      int release,
      ReleaseState state,
      int componentsReady,
      @Nullable String type,
      @Nullable String component,
      String message) {
    /** Messages quote logs and answers of others. */
    public Step {
      message = SecretWords.redacted(message);
    }
  }

  /**
   * Writes a step down.
   *
   * @return fails with {@link LeaseLostException} when the lease is another's by now, and with
   *     {@link ReleaseEndedException} when the release has ended; nothing is written then
   */
  public Uni<Void> record(Lease lease, Step step) {
    return Panache.withTransaction(() ->
        held(lease)
            .chain(() -> write(lease.platform(), step))
            .chain(() ->
                step.state() == ReleaseState.APPLYING
                    ? store.makeCurrent(lease.platform(), step.release())
                    : Uni.createFrom().item(0))
            .chain(() ->
                step.state() == ReleaseState.DEPLOYED
                    ? store.supersede(lease.platform(), step.release())
                    : Uni.createFrom().item(0))
            .replaceWithVoid());
  }

  /**
   * From now on jobs inherit a release's bindings: what they name exists.
   *
   * @param release its number; 0 for none, so that jobs wait
   * @return fails with {@link LeaseLostException} when the lease is another's by now
   */
  public Uni<Void> bind(Lease lease, int release) {
    return Panache.withTransaction(
        () -> held(lease).chain(() -> store.bind(lease.platform(), release)).replaceWithVoid());
  }

  /** Writes down that a platform's components are gone. */
  public Uni<Void> recordRemoved(Lease lease, Step step) {
    return Panache.withTransaction(() ->
        held(lease)
            .chain(() -> write(lease.platform(), step))
            .chain(() -> store.supersede(lease.platform(), step.release()))
            .chain(() -> store.markRemoved(lease.platform()))
            .replaceWithVoid());
  }

  private Uni<Void> held(Lease lease) {
    return store
        .holds(lease)
        .chain(held ->
            held
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(new LeaseLostException(lease.platform())));
  }

  private Uni<Integer> write(String platform, Step step) {
    return store
        .set(platform, step.release(), step.state(), step.componentsReady(), step.message())
        .invoke(changed -> {
          if (changed == 0) {
            throw new ReleaseEndedException(platform, step.release());
          }
        })
        .chain(() ->
            step.type() == null
                ? Uni.createFrom().item(0)
                : store.append(
                    platform,
                    step.release(),
                    step.type(),
                    step.state(),
                    step.component(),
                    step.message()));
  }

  /** Objects that floe applied and may delete, by name. */
  public Uni<List<AppliedObjectDetails>> inventory(String platform) {
    return Panache.withSession(() -> store.inventory(platform))
        .map(rows ->
            rows.stream()
                .map(row ->
                    new AppliedObjectDetails(
                        (String) row[0],
                        (String) row[1],
                        (String) row[2],
                        ((Number) row[3]).intValue(),
                        ((OffsetDateTime) row[4]).toInstant()))
                .toList());
  }

  /** Warnings about the manifest of a release. */
  public Uni<List<String>> warnings(String platform, int number) {
    return Panache.withSession(() -> store.warnings(platform, number))
        .map(rows -> ReleaseStore.shown(rows).stream().map(ReleaseEvent::message).toList());
  }

  /** A release; 404 when there is none. */
  public Uni<StoredRelease> get(String platform, int number) {
    return Panache.withSession(() -> store.find(platform, number))
        .map(found -> found.orElseThrow(() -> missing(platform, number)).stored());
  }

  /** A platform, removed ones too; 404 when there never was one. */
  public Uni<PlatformRow> platform(String name) {
    return Panache.withSession(() -> store.platform(name))
        .map(found -> found.orElseThrow(() -> FloeException.notFound("Platform " + name)).row());
  }

  /** A platform that is not removed, if there is one. */
  public Uni<Optional<PlatformRow>> find(String name) {
    return Panache.withSession(() -> store.platform(name))
        .map(found -> found.map(PlatformEntity::row).filter(row -> !row.removed()));
  }

  /** Platforms that are not removed, by name, after a name. */
  public Uni<List<PlatformRow>> platforms(String after, int limit) {
    return Panache.withSession(() -> store.platforms(after, limit))
        .map(rows -> rows.stream().map(PlatformEntity::row).toList());
  }

  /** Releases of a platform, the newest first, before a number. */
  public Uni<List<StoredRelease>> releases(String platform, int before, int limit) {
    return Panache.withSession(() -> store.releases(platform, before, limit))
        .map(rows -> rows.stream().map(ReleaseEntity::stored).toList());
  }

  /** The journal of a release after a sequence number. */
  public Uni<List<ReleaseEvent>> events(String platform, int release, long after, int limit) {
    return Panache.withSession(() -> store.events(platform, release, after, limit))
        .map(ReleaseStore::shown);
  }
}
