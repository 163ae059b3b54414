package dev.floe.platform.rollout;

import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a rollout does next with its components. Pure: it knows what was applied and seen so
 * far, and the time.
 *
 * <p>A component is applied as soon as those that it needs are ready, whatever the others do; each
 * of its phases as soon as the one before is ready.
 *
 * @param failureGrace how long a component may be failing for one cause
 * @param readyTimeout how long a phase may take to become ready once it was applied
 */
record RolloutDecider(Plan plan, Duration failureGrace, Duration readyTimeout) {
  /** What is done next. */
  sealed interface Next {
    /**
     * Apply a phase of a component.
     *
     * @param phase from 1
     */
    record Apply(PlannedComponent component, int phase) implements Next {}

    /** Look at components that were applied and are not ready. */
    record Look(List<PlannedComponent> components) implements Next {}

    /** Every component is ready. */
    record Finish() implements Next {}

    /** Fail, because one component will not become ready. */
    record GiveUp(String why) implements Next {}
  }

  /**
   * How far one component is.
   *
   * @param applied phases that were applied
   * @param ready phases that were seen ready; as many, or one less
   * @param since when the last phase was applied, in nanoseconds
   * @param seen what was seen of it after that; null when it has not been looked at
   * @param failingFor for how many nanoseconds it has been failing for its present cause
   */
  record Progress(int applied, int ready, long since, @Nullable Observation seen, long failingFor) {
    /** Before anything was applied. */
    static final Progress NONE = new Progress(0, 0, 0, null, 0);

    /** Its next phase was applied. */
    Progress withApplied(long now) {
      return new Progress(applied + 1, ready, now, null, 0);
    }

    /** It was looked at, and is not ready. */
    Progress withSeen(Observation observation, long failing) {
      return new Progress(applied, ready, since, observation, failing);
    }

    /** All that was applied is ready. */
    Progress withReady() {
      return new Progress(applied, applied, since, null, 0);
    }

    private boolean awaited() {
      return ready < applied;
    }
  }

  /**
   * The next step.
   *
   * @param all by name of the component; one that is missing has not begun
   * @param now nanoseconds, of a clock that stands still while the runtime is away
   */
  Next next(Map<String, Progress> all, long now) {
    var lost = lost(all, now);
    if (lost != null) {
      return new Next.GiveUp(lost);
    }
    var awaited = new ArrayList<PlannedComponent>();
    boolean complete = true;
    for (var component : plan.components()) {
      var progress = all.getOrDefault(component.name(), Progress.NONE);
      if (progress.awaited()) {
        awaited.add(component);
      } else if (!isReady(component, progress) && mayBegin(component, all)) {
        return new Next.Apply(component, progress.applied() + 1);
      }
      complete &= isReady(component, progress);
    }
    if (complete) {
      return new Next.Finish();
    }
    return awaited.isEmpty()
        ? new Next.GiveUp("the components of the plan wait for each other")
        : new Next.Look(awaited);
  }

  /** How many components are ready. */
  int ready(Map<String, Progress> all) {
    return (int)
        plan.components().stream()
            .filter(one -> isReady(one, all.getOrDefault(one.name(), Progress.NONE)))
            .count();
  }

  private boolean mayBegin(PlannedComponent component, Map<String, Progress> all) {
    return plan.components().stream()
        .filter(other -> component.after().contains(other.name()))
        .allMatch(other -> isReady(other, all.getOrDefault(other.name(), Progress.NONE)));
  }

  private static boolean isReady(PlannedComponent component, Progress progress) {
    return progress.ready() == component.phases();
  }

  /** Why no more is to be hoped; null while there is hope. */
  private @Nullable String lost(Map<String, Progress> all, long now) {
    @Nullable String late = null;
    for (var component : plan.components()) {
      var progress = all.getOrDefault(component.name(), Progress.NONE);
      var seen = progress.seen();
      if (seen == null || !progress.awaited()) {
        continue;
      }
      if (progress.failingFor() > failureGrace.toNanos()) {
        return words(component, seen);
      }
      if (late == null && now - progress.since() > readyTimeout.toNanos()) {
        late = "not ready after %s: %s".formatted(readyTimeout, words(component, seen));
      }
    }
    return late;
  }

  /**
   * The component that is worst off, for people: the one that has been failing for longest, else
   * the first that was seen.
   *
   * @return name of the component and what is wrong with it; null when nothing was seen
   */
  @Nullable Waiting worst(Map<String, Progress> all) {
    @Nullable Waiting worst = null;
    for (var component : plan.components()) {
      var progress = all.getOrDefault(component.name(), Progress.NONE);
      var seen = progress.seen();
      if (seen == null || !progress.awaited()) {
        continue;
      }
      var one =
          new Waiting(
              component.name(),
              words(component, seen),
              seen.failing() ? progress.failingFor() : -1);
      worst = worst == null || one.failingFor() > worst.failingFor() ? one : worst;
    }
    return worst;
  }

  /**
   * What a rollout waits for.
   *
   * @param failingFor nanoseconds; -1 when it is not failing
   */
  record Waiting(String component, String words, long failingFor) {}

  private static String words(PlannedComponent component, Observation seen) {
    return "%s: %s%s"
        .formatted(
            component.name(), seen.reason(), seen.message() == null ? "" : ", " + seen.message());
  }
}
