package dev.floe.platform.rollout;

import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.release.Interruption;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseEndedException;
import dev.floe.platform.release.ReleaseJournal;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.status.ComponentStates;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The journal for code on virtual threads: each call waits for its transaction. */
@ApplicationScoped
class RolloutRecords {
  private static final Logger LOG = Logger.getLogger(RolloutRecords.class);

  /** How many Jobs that differ in their hash alone stay in the cluster. */
  private static final int JOBS_KEPT = 3;

  private final ReleaseJournal journal;
  private final ComponentStates components;

  RolloutRecords(ReleaseJournal journal, ComponentStates components) {
    this.journal = journal;
    this.components = components;
  }

  void record(Lease lease, Step step) {
    await(() -> journal.record(lease, step));
  }

  /**
   * Returns while the lease is ours by the database.
   *
   * @throws LeaseLostException when it is another's by now
   */
  void checkLease(Lease lease) {
    if (!await(() -> journal.isHeld(lease))) {
      throw new LeaseLostException(lease.platform());
    }
  }

  /** From now on jobs inherit the release's bindings. */
  void bind(Lease lease, int release) {
    await(() -> journal.bind(lease, release));
  }

  void removed(Lease lease, Step step) {
    await(() -> journal.recordRemoved(lease, step));
  }

  /** What was seen is no part of the rollout: when it cannot be written now, the next look will. */
  void remember(Plan plan, PlannedComponent component, Observation seen) {
    try {
      await(() -> components.remember(plan, component, seen));
    } catch (JournalUnavailableException e) {
      LOG.warnf(e, "Not written down: %s of %s", component.name(), plan.platform());
    }
  }

  /** Says of every component that it cannot be observed now; its last known state stays. */
  void unreachable(String platform, String why) {
    try {
      await(() -> components.unreachable(platform, why));
    } catch (JournalUnavailableException e) {
      LOG.warnf(
          "The status of %s does not say that the runtime is away: %s", platform, e.getMessage());
    }
  }

  /** Objects that a release and those before it may have left, see {@link ReleaseJournal}. */
  List<AppliedObject> applied(String platform, int upTo) {
    return await(() -> journal.applied(platform, upTo));
  }

  /** Writes down which objects of a component were applied. */
  void recordApplied(Lease lease, int release, String component, List<AppliedObject> objects) {
    await(() -> journal.recordApplied(lease, release, component, objects));
  }

  /** Writes down Jobs that have ended. */
  void recordJobs(Lease lease, int release, String component, List<JobRun> runs) {
    await(() -> journal.recordJobs(lease, release, component, runs));
  }

  /** Jobs that any release applied and that may still be there. */
  List<AppliedObject> jobs(String platform) {
    return await(() -> journal.jobs(platform, Set.of(), 0));
  }

  /** The same without the newest of each kind of Job of the components of a plan. */
  List<AppliedObject> oldJobs(Plan plan) {
    var components =
        plan.components().stream().map(PlannedComponent::name).collect(Collectors.toSet());
    return await(() -> journal.jobs(plan.platform(), components, JOBS_KEPT));
  }

  /** Writes down that objects are not floe's any more. */
  void forget(Lease lease, List<AppliedObject> objects) {
    await(() -> journal.forget(lease, objects));
  }

  /** Domains that a release and those before it may have prepared, see {@link ReleaseJournal}. */
  List<PlannedDomain> domains(String platform, int upTo) {
    return await(() -> journal.domains(platform, upTo));
  }

  Interruption interruption(String platform, int release) {
    return await(() -> journal.interruption(platform, release));
  }

  Optional<Lease> claim(String owner, Duration length) {
    return await(() -> journal.claim(owner, length));
  }

  boolean renew(Lease lease, Duration length) {
    return await(() -> journal.renew(lease, length));
  }

  void giveBack(Lease lease) {
    await(() -> journal.giveBack(lease));
  }

  List<StoredRelease> unfinished(String platform) {
    return await(() -> journal.unfinished(platform));
  }

  private static <T> T await(Supplier<Uni<T>> call) {
    try {
      return VertxContextSupport.subscribeAndAwait(call);
    } catch (LeaseLostException | ReleaseEndedException | Error e) {
      throw e;
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new JournalUnavailableException(e);
    }
  }
}
