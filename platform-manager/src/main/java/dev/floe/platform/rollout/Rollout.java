package dev.floe.platform.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.ObjectKey;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.plan.RunOnceJob;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseEndedException;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.rollout.RolloutDecider.Next;
import dev.floe.platform.rollout.RolloutDecider.Progress;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformLook;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.WritePermit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Rolls out one release, on a virtual thread. Each step is safe to repeat and recorded before the
 * next, so that another replica continues wherever this one stops.
 *
 * <p>While the runtime is unavailable, or one object is in the way, the rollout waits, at most for
 * {@link RolloutConfig#unavailableTimeout}; that time counts neither as failing nor as not getting
 * ready. Asked to stop, it ends with {@link InterruptedException} and records nothing more: an
 * interrupted call is not a failure of the release.
 *
 * <p>Before each object is written the database is asked whether the lease is still this replica's,
 * so that a replica that was frozen writes nothing over a newer release, apart from the one write
 * that {@link WritePermit} describes.
 */
final class Rollout {
  private static final Logger LOG = Logger.getLogger(Rollout.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final RolloutRecords records;
  private final PlatformRuntime runtime;
  private final RolloutConfig config;
  private final Duration failureGrace;
  private final Lease lease;
  private final StoredRelease release;
  private final Plan plan;
  private final WritePermit permit;
  private final BooleanSupplier stopped;
  private final Pace pace;
  private ReleaseState state;
  private final RolloutDecider decider;
  private final Map<String, Progress> progress = new HashMap<>();
  private final FailureClock failures = new FailureClock();

  /** How many components are ready. */
  private int ready;

  private @Nullable String said;
  private @Nullable Outage outage;
  private @Nullable Long lastOutage;
  private long timeInOutages;

  /** A time in which a call is kept failing. */
  private static final class Outage {
    private final long since;

    /** Whether it is the runtime that does not answer, rather than one object in the way. */
    private boolean ofRuntime;

    private Duration pause = FIRST_PAUSE;

    private Outage(long since) {
      this.since = since;
    }
  }

  /**
   * @param failureGrace how long a component may be failing for one cause
   * @param stopped whether this replica was asked to leave the release to another
   * @throws PlanUnreadableException when this version cannot read the release's plan
   */
  Rollout(
      RolloutRecords records,
      PlatformRuntime runtime,
      RolloutConfig config,
      Duration failureGrace,
      Lease lease,
      StoredRelease release,
      BooleanSupplier stopped,
      Pace pace) {
    this.records = records;
    this.runtime = runtime;
    this.config = config;
    this.failureGrace = failureGrace;
    this.lease = lease;
    this.release = release;
    this.plan = PlanText.read(release.plan());
    this.permit = () -> records.checkLease(lease);
    this.stopped = stopped;
    this.pace = pace;
    this.state = release.state();
    this.ready = release.componentsReady();
    this.decider = new RolloutDecider(plan, failureGrace, config.readyTimeout());
  }

  /**
   * Continues until the release has ended.
   *
   * @throws InterruptedException when asked to stop; the release is as it was recorded last
   */
  void run() throws InterruptedException {
    try {
      if (release.action() == ReleaseAction.REMOVE) {
        remove();
      } else {
        deploy();
      }
    } catch (GivesWayException e) {
      end(ReleaseState.ABORTED, "ReleaseAborted", String.valueOf(e.getMessage()));
    } catch (LeaseLostException | ReleaseEndedException e) {
      throw e;
    } catch (RolloutFailedException e) {
      checkStopped(e);
      LOG.warnf("Release %d of %s failed: %s", release.number(), plan.platform(), e.getMessage());
      end(ReleaseState.FAILED, EventReason.RELEASE_FAILED.value(), String.valueOf(e.getMessage()));
      runtime.emit(
          plan,
          EventReason.RELEASE_FAILED,
          "release %d: %s".formatted(release.number(), e.getMessage()));
    } catch (JournalUnavailableException e) {
      checkStopped(e);
      throw e;
    } catch (RuntimeException e) {
      checkStopped(e);
      LOG.errorf(e, "Release %d of %s failed", release.number(), plan.platform());
      end(
          ReleaseState.FAILED,
          EventReason.RELEASE_FAILED.value(),
          "an error of platform-manager; its log has the cause");
    }
  }

  /** What an interrupted call throws depends on the call, so it is not looked at. */
  private void checkStopped(@Nullable RuntimeException thrown) throws InterruptedException {
    if (stopped.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      var interrupted = new InterruptedException("asked to stop");
      if (thrown != null) {
        interrupted.addSuppressed(thrown);
      }
      throw interrupted;
    }
  }

  private void deploy() throws InterruptedException {
    boolean begins = release.state() == ReleaseState.PENDING;
    if (begins) {
      step(
          ReleaseState.APPLYING,
          EventReason.RELEASE_STARTED.value(),
          null,
          "release %d: %d components".formatted(release.number(), plan.components().size()));
    } else {
      // All is applied once more: what is as it should be stays as it is.
      step(release.state(), "ReleaseResumed", null, "continues");
    }
    repeat(() -> runtime.prepare(plan, permit));
    if (begins) {
      // not before: an Event needs the platform's namespace
      runtime.emit(
          plan, EventReason.RELEASE_STARTED, "release %d started".formatted(release.number()));
    }
    components();
    repeat(() -> runtime.prepareDomains(plan, permit));
    // Only now everything is there that they name. Before what they name no more is taken away.
    records.bind(lease, release.number());
    for (var domain : plan.domains()) {
      step(
          ReleaseState.VERIFYING,
          "DomainReady",
          null,
          "domain %s may run jobs in the namespace %s"
              .formatted(domain.name(), domain.namespace()));
    }
    revoke(plan, ReleaseState.VERIFYING);
    var planned = plan.components().stream().flatMap(one -> one.objects().stream()).toList();
    // Jobs of earlier releases stay for a while: going back to one runs nothing again.
    var present = plan.keys();
    var others =
        Stream.concat(
                others(planned).stream()
                    .filter(object -> object.uid() == null || !RunOnceJob.is(object.tree())),
                records.oldJobs(plan).stream().filter(job -> !present.contains(job.key())))
            .toList();
    var pruned = removed(plan, others, false);
    for (var object : pruned.removed()) {
      step(
          ReleaseState.VERIFYING,
          "ObjectRemoved",
          null,
          object + " is no longer part of the platform");
    }
    kept(ReleaseState.VERIFYING, pruned);
    end(ReleaseState.DEPLOYED, EventReason.RELEASE_DEPLOYED.value(), "every component is ready");
    runtime.emit(
        plan, EventReason.RELEASE_DEPLOYED, "release %d is deployed".formatted(release.number()));
  }

  /** Applies every component and waits until all are ready. */
  private void components() throws InterruptedException {
    while (true) {
      switch (decider.next(progress, active())) {
        case Next.Apply(var component, int phase) -> apply(component, phase);
        case Next.Look(var components) -> look(components);
        case Next.Finish() -> {
          return;
        }
        case Next.GiveUp(var why) -> throw new RolloutFailedException(why);
      }
    }
  }

  private void apply(PlannedComponent component, int phase) throws InterruptedException {
    var objects = component.phase(phase);
    var part =
        component.phases() == 1 ? "" : ", phase %d of %d".formatted(phase, component.phases());
    step(
        ReleaseState.APPLYING,
        "ComponentApplying",
        component.name(),
        "applying " + component.name() + part);
    var applied = new ArrayList<AppliedObject>();
    try {
      repeat(() ->
          runtime.apply(
              plan, objects, permit, applied::add, words -> say(component.name(), words)));
    } catch (RuntimeException | InterruptedException e) {
      recordApplied(component, applied);
      throw e;
    }
    recordApplied(component, applied);
    step(
        ReleaseState.APPLYING,
        "ComponentApplied",
        component.name(),
        "applied %s (%d objects%s)".formatted(component.name(), objects.objects().size(), part));
    advance(component, progress(component).withApplied(active()));
  }

  private void recordApplied(PlannedComponent component, List<AppliedObject> applied) {
    if (!applied.isEmpty()) {
      records.recordApplied(lease, release.number(), component.name(), applied);
    }
  }

  /** Looks at components that were applied; pauses where that changes nothing. */
  private void look(List<PlannedComponent> components) throws InterruptedException {
    checkStopped(null);
    boolean moved = false;
    try {
      var seen = runtime.look(plan);
      for (var component : components) {
        moved |= look(component, seen);
      }
      answered();
    } catch (RuntimeUnavailableException e) {
      failures.reset();
      away(e);
      return;
    }
    if (moved) {
      return;
    }
    var worst = decider.worst(progress);
    if (worst != null) {
      say(worst.component(), worst.words());
    }
    if (decider.next(progress, active()) instanceof Next.Look) {
      checkGivesWay();
      pace.pause(config.look());
    }
  }

  /** Looks at one component; whether all that was applied of it is ready. */
  private boolean look(PlannedComponent component, PlatformLook look) {
    var before = progress(component);
    boolean last = before.applied() == component.phases();
    Observation seen;
    try {
      seen = look.observe(component.phasesUpTo(before.applied()));
      var whole = last ? seen : look.observe(component);
      // Before its last phase a component is not ready, whatever an earlier release left running.
      if (last || !whole.ready()) {
        records.remember(plan, component, whole);
      }
    } catch (RolloutFailedException e) {
      throw afterOutage(e);
    }
    var earlier = before.seen();
    boolean failsAlready = earlier != null && earlier.failing();
    if (seen.ready() || (seen.failing() && !failsAlready)) {
      recordJobs(component.phase(before.applied()));
    }
    if (!seen.ready()) {
      advance(
          component, before.withSeen(seen, failures.failingFor(component.name(), seen, active())));
      return false;
    }
    failures.forget(component.name());
    advance(component, before.withReady());
    if (last) {
      step(
          ReleaseState.VERIFYING,
          EventReason.COMPONENT_READY.value(),
          component.name(),
          component.name() + " is ready");
    }
    return true;
  }

  private void recordJobs(PlannedComponent phase) {
    var runs = runtime.jobRuns(plan, phase);
    if (!runs.isEmpty()) {
      records.recordJobs(lease, release.number(), phase.name(), runs);
    }
  }

  private Progress progress(PlannedComponent component) {
    return progress.getOrDefault(component.name(), Progress.NONE);
  }

  private void advance(PlannedComponent component, Progress next) {
    progress.put(component.name(), next);
    ready = decider.ready(progress);
  }

  /** Nanoseconds of a clock that stands still while calls are kept failing. */
  private long active() {
    return (outage == null ? pace.nanos() : outage.since) - timeInOutages;
  }

  private void remove() throws InterruptedException {
    step(ReleaseState.APPLYING, "RemovalStarted", null, "removing what runs; data stay");
    // No further job begins with what is going away.
    records.bind(lease, 0);
    var nothing =
        new Plan(
            plan.platform(),
            plan.runtime(),
            plan.namespace(),
            List.of(),
            List.of(),
            plan.inlineSecrets());
    var planned = plan.components().stream().flatMap(one -> one.objects().stream()).toList();
    var rest = others(planned);
    int kept = 0;
    for (var component : plan.components().reversed()) {
      kept += kept(ReleaseState.APPLYING, removed(nothing, these(component.objects()), true));
      step(
          ReleaseState.APPLYING,
          "ComponentRemoved",
          component.name(),
          component.name() + " is gone; its data and Secrets stay");
    }
    revoke(nothing, ReleaseState.APPLYING);
    // Earlier releases may have left objects that the present plan does not have.
    var removal =
        removed(
            nothing,
            Stream.concat(rest.stream(), records.jobs(plan.platform()).stream()).toList(),
            false);
    for (var object : removal.removed()) {
      step(ReleaseState.APPLYING, "ObjectRemoved", null, object + " of an earlier release is gone");
    }
    kept += kept(ReleaseState.APPLYING, removal);
    records.removed(
        lease,
        new Step(
            release.number(),
            ReleaseState.DEPLOYED,
            ready,
            "PlatformRemoved",
            null,
            "every component is gone; data and Secrets stay"
                + (kept == 0 ? "" : ", and %d objects that floe must not delete".formatted(kept))));
  }

  /** Objects that this release or an earlier one may have applied, apart from those of a plan. */
  private List<AppliedObject> others(List<ObjectNode> planned) {
    var keys = planned.stream().map(ObjectKey::of).collect(Collectors.toSet());
    return applied(key -> !keys.contains(key));
  }

  private List<AppliedObject> these(List<ObjectNode> planned) {
    var keys = planned.stream().map(ObjectKey::of).collect(Collectors.toSet());
    return applied(keys::contains);
  }

  private List<AppliedObject> applied(Predicate<ObjectKey> which) {
    return records.applied(plan.platform(), release.number()).stream()
        .filter(object -> which.test(object.key()))
        .toList();
  }

  private Removal removed(Plan remaining, List<AppliedObject> objects, boolean gone)
      throws InterruptedException {
    if (objects.isEmpty()) {
      return new Removal(List.of(), List.of());
    }
    var removal = ask(() -> runtime.remove(remaining, objects, gone, permit));
    records.forget(lease, objects);
    return removal;
  }

  /** Takes back from domains what a plan gives them no more. */
  private void revoke(Plan remaining, ReleaseState state) throws InterruptedException {
    var former = records.domains(plan.platform(), release.number());
    ask(() -> runtime.revoke(remaining, former, permit))
        .forEach(what -> step(state, "DomainRevoked", null, what));
  }

  /** Records what was not removed; answers how many objects that are. */
  private int kept(ReleaseState state, Removal removal) {
    removal.kept().forEach(object -> step(state, "ObjectKept", null, object));
    return removal.kept().size();
  }

  private void repeat(Runnable call) throws InterruptedException {
    ask(() -> {
      call.run();
      return true;
    });
  }

  /** Repeats a call while the runtime is unavailable. */
  private <T> T ask(Supplier<T> call) throws InterruptedException {
    while (true) {
      checkStopped(null);
      checkGivesWay();
      try {
        T answer = call.get();
        answered();
        return answer;
      } catch (RuntimeUnavailableException e) {
        away(e);
      } catch (RolloutFailedException e) {
        away(afterOutage(e));
      }
    }
  }

  private void answered() {
    if (outage != null) {
      timeInOutages += pace.nanos() - outage.since;
      say(null, outage.ofRuntime ? "the runtime answers again" : "continues");
      outage = null;
    }
  }

  /**
   * An API server that has just started refuses what it allows a moment later, when it has read its
   * rules: a refusal soon after an outage is part of the outage.
   *
   * @return the outage that continues
   * @throws RolloutFailedException the refusal, when there was no outage lately
   */
  private RuntimeUnavailableException afterOutage(RolloutFailedException refusal) {
    if (lastOutage == null || pace.nanos() - lastOutage > failureGrace.toNanos()) {
      throw refusal;
    }
    return new RuntimeUnavailableException(
        Extent.ANSWER, String.valueOf(refusal.getMessage()), refusal);
  }

  /** Waits a moment, longer each time; fails when it has lasted too long. */
  private void away(RuntimeUnavailableException e) throws InterruptedException {
    checkStopped(e);
    long now = pace.nanos();
    var present = outage == null ? new Outage(now) : outage;
    boolean ofRuntime = e.extent() != Extent.OBJECT;
    if (now - present.since > config.unavailableTimeout().toNanos()) {
      throw new RolloutFailedException(
          "%s for %s: %s"
              .formatted(
                  ofRuntime ? "the runtime could not be reached" : "kept failing",
                  config.unavailableTimeout(),
                  e.getMessage()),
          e);
    }
    if (!(e.getCause() instanceof RolloutFailedException)) {
      lastOutage = now;
    }
    var words = (ofRuntime ? "waits for the runtime: " : "waits: ") + e.getMessage();
    if (outage == null) {
      outage = present;
      say(null, words);
    } else {
      step(state, null, null, words);
    }
    if (ofRuntime && !present.ofRuntime) {
      present.ofRuntime = true;
      records.unreachable(plan.platform(), String.valueOf(e.getMessage()));
    }
    pace.pause(present.pause);
    var next = present.pause.multipliedBy(2);
    present.pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    checkGivesWay();
  }

  private void checkGivesWay() {
    var interruption = records.interruption(plan.platform(), release.number());
    if (interruption.aborted()) {
      throw new GivesWayException("was aborted on request; what it applied stays");
    }
    if (interruption.replacedBy() > 0) {
      throw new GivesWayException(
          "was replaced by release %d before it was complete".formatted(interruption.replacedBy()));
    }
  }

  /** Records what the rollout waits for, once. */
  private void say(@Nullable String component, String words) {
    if (!Objects.equals(said, words)) {
      said = words;
      step(
          state == ReleaseState.PENDING ? ReleaseState.APPLYING : state,
          "Waiting",
          component,
          words);
    }
  }

  private void step(
      ReleaseState next, @Nullable String type, @Nullable String component, String message) {
    state = next;
    records.record(lease, new Step(release.number(), next, ready, type, component, message));
  }

  private void end(ReleaseState state, String type, String message) {
    step(state, type, null, message);
  }

  /** A newer release came, or somebody asked for the end of this one. */
  private static final class GivesWayException extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    GivesWayException(String message) {
      super(message, null, false, false);
    }
  }
}
