package dev.floe.platform.rollout;

import dev.floe.contract.EventReason;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One release on its way, on a virtual thread. Each step is safe to repeat and written down before
 * the next, so that another replica goes on wherever this one stops.
 */
final class Rollout {
  private static final Logger LOG = Logger.getLogger(Rollout.class);

  private final RolloutRecords records;
  private final PlatformRuntime runtime;
  private final RolloutConfig config;
  private final Duration failureGrace;
  private final Lease lease;
  private final StoredRelease release;
  private final Plan plan;
  private int wave;
  private @Nullable String said;

  Rollout(
      RolloutRecords records,
      PlatformRuntime runtime,
      RolloutConfig config,
      Duration failureGrace,
      Lease lease,
      StoredRelease release) {
    this.records = records;
    this.runtime = runtime;
    this.config = config;
    this.failureGrace = failureGrace;
    this.lease = lease;
    this.release = release;
    this.plan = PlanText.read(release.plan());
    this.wave = release.wave();
  }

  /** Goes on until the release has ended, or the lease is another's. */
  void run() throws InterruptedException {
    try {
      if (release.action() == ReleaseAction.REMOVE) {
        remove();
      } else {
        deploy();
      }
    } catch (SupersededException e) {
      end(ReleaseState.ABORTED, "ReleaseAborted", String.valueOf(e.getMessage()));
    } catch (RolloutFailedException e) {
      LOG.warnf("Release %d of %s failed: %s", release.number(), plan.platform(), e.getMessage());
      end(ReleaseState.FAILED, EventReason.RELEASE_FAILED.value(), String.valueOf(e.getMessage()));
      runtime.emit(
          plan,
          EventReason.RELEASE_FAILED,
          "release %d: %s".formatted(release.number(), e.getMessage()));
    } catch (LeaseLostException | JournalUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.errorf(e, "Release %d of %s failed", release.number(), plan.platform());
      end(
          ReleaseState.FAILED,
          EventReason.RELEASE_FAILED.value(),
          "an error of platform-manager; its log has the cause");
    }
  }

  private void deploy() throws InterruptedException {
    boolean begins = release.state() == ReleaseState.PENDING;
    if (begins) {
      step(
          ReleaseState.APPLYING,
          EventReason.RELEASE_STARTED.value(),
          null,
          "release %d: %d components in %d waves"
              .formatted(release.number(), plan.components().size(), plan.waves()));
    } else {
      step(release.state(), "ReleaseResumed", null, "goes on at wave " + Math.max(1, wave));
    }
    repeat(() -> runtime.prepare(plan));
    if (begins) {
      // not before: an Event needs the platform's namespace
      runtime.emit(
          plan, EventReason.RELEASE_STARTED, "release %d started".formatted(release.number()));
    }
    for (int next = Math.max(1, wave); next <= plan.waves(); next++) {
      wave = next;
      apply(plan.wave(next));
      awaitReady(plan.wave(next));
    }
    repeat(() -> runtime.prepareDomains(plan));
    for (var domain : plan.domains()) {
      step(
          ReleaseState.VERIFYING,
          "DomainReady",
          null,
          "domain %s may run jobs in the namespace %s"
              .formatted(domain.name(), domain.namespace()));
    }
    var gone = new ArrayList<String>();
    repeat(() -> gone.addAll(runtime.prune(plan)));
    for (var object : gone) {
      step(
          ReleaseState.VERIFYING,
          "ObjectRemoved",
          null,
          object + " is no part of the platform any more");
    }
    end(ReleaseState.DEPLOYED, EventReason.RELEASE_DEPLOYED.value(), "every component is ready");
    runtime.emit(
        plan, EventReason.RELEASE_DEPLOYED, "release %d is deployed".formatted(release.number()));
  }

  private void apply(List<PlannedComponent> components) throws InterruptedException {
    for (var component : components) {
      step(
          ReleaseState.APPLYING,
          "ComponentApplying",
          component.name(),
          "applying " + component.name());
      repeat(() -> runtime.apply(plan, component, progress -> say(component, progress)));
      step(
          ReleaseState.APPLYING,
          "ComponentApplied",
          component.name(),
          "applied %s (%d objects)".formatted(component.name(), component.objects().size()));
    }
  }

  private void awaitReady(List<PlannedComponent> components) throws InterruptedException {
    var waiting = new ArrayList<>(components);
    long start = System.nanoTime();
    long failingSince = 0;
    while (true) {
      Observation worst = null;
      PlannedComponent of = null;
      for (var component : List.copyOf(waiting)) {
        var seen = observe(component);
        if (seen.ready()) {
          waiting.remove(component);
          step(
              ReleaseState.VERIFYING,
              EventReason.COMPONENT_READY.value(),
              component.name(),
              component.name() + " is ready");
        } else if (worst == null || seen.failing()) {
          worst = seen;
          of = component;
        }
      }
      if (worst == null || of == null) {
        return;
      }
      var why =
          "%s: %s%s"
              .formatted(
                  of.name(), worst.reason(), worst.message() == null ? "" : ", " + worst.message());
      say(of, why);
      failingSince = !worst.failing() ? 0 : failingSince == 0 ? System.nanoTime() : failingSince;
      if (failingSince != 0 && System.nanoTime() - failingSince > failureGrace.toNanos()) {
        throw new RolloutFailedException(why);
      }
      if (System.nanoTime() - start > config.readyTimeout().toNanos()) {
        throw new RolloutFailedException(
            "not ready after %s: %s".formatted(config.readyTimeout(), why));
      }
      checkSuperseded();
      Thread.sleep(config.look());
    }
  }

  private Observation observe(PlannedComponent component) {
    Observation seen;
    try {
      seen = runtime.observe(plan, component);
    } catch (RuntimeUnavailableException e) {
      seen = Observation.waiting("RuntimeUnavailable", e.getMessage(), List.of());
    }
    records.remember(plan, component, seen);
    return seen;
  }

  private void remove() throws InterruptedException {
    step(ReleaseState.APPLYING, "RemovalStarted", null, "removing what runs; data stay");
    for (int next = plan.waves(); next >= 1; next--) {
      for (var component : plan.wave(next)) {
        repeat(() -> runtime.remove(plan, component));
        step(
            ReleaseState.APPLYING,
            "ComponentRemoved",
            component.name(),
            component.name() + " is gone; its data and Secrets stay");
      }
    }
    records.removed(
        lease,
        new Step(
            release.number(),
            ReleaseState.DEPLOYED,
            wave,
            "PlatformRemoved",
            null,
            "every component is gone; data and Secrets stay"));
  }

  /** Repeats a call while the runtime cannot be reached, with growing pauses. */
  private void repeat(Runnable call) throws InterruptedException {
    checkSuperseded();
    long start = System.nanoTime();
    var pause = Duration.ofMillis(500);
    while (true) {
      try {
        call.run();
        return;
      } catch (RuntimeUnavailableException e) {
        if (System.nanoTime() - start > config.unavailableTimeout().toNanos()) {
          throw new RolloutFailedException(
              "the runtime could not be reached for %s: %s"
                  .formatted(config.unavailableTimeout(), e.getMessage()),
              e);
        }
        step(ReleaseState.APPLYING, null, null, "waits for the runtime: " + e.getMessage());
        Thread.sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(Duration.ofSeconds(15)) > 0
                ? Duration.ofSeconds(15)
                : pause.multipliedBy(2);
        checkSuperseded();
      }
    }
  }

  private void checkSuperseded() {
    var newest = records.newest(plan.platform());
    if (newest > release.number()) {
      throw new SupersededException(
          "gave way to release %d before it was complete".formatted(newest));
    }
  }

  private void say(PlannedComponent component, String words) {
    if (!Objects.equals(said, words)) {
      said = words;
      step(ReleaseState.VERIFYING, "Waiting", component.name(), words);
    }
  }

  private void step(
      ReleaseState state, @Nullable String type, @Nullable String component, String message) {
    records.record(lease, new Step(release.number(), state, wave, type, component, message));
  }

  private void end(ReleaseState state, String type, String message) {
    step(state, type, null, message);
  }

  /** A newer release came. */
  private static final class SupersededException extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    SupersededException(String message) {
      super(message, null, false, false);
    }
  }
}
