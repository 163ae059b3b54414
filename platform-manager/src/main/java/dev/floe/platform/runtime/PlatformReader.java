package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of platforms. No call changes anything. Throws what {@link PlatformRuntime} says.
 */
public interface PlatformReader {
  /** Looks at one component as it is now; changes nothing. */
  Observation observe(Plan plan, PlannedComponent component);

  /** Looks at several components of a platform as they are now; changes nothing. */
  default PlatformLook look(Plan plan) {
    return component -> observe(plan, component);
  }

  /**
   * The Jobs of a component that have ended, with the ends of their logs.
   *
   * @param component with the Jobs that were applied
   */
  List<JobRun> jobRuns(Plan plan, PlannedComponent component);

  /**
   * What applying a plan would change.
   *
   * @param former what was applied last; null on the first release
   * @param applied objects of the plan and of earlier ones that may still be there, in the order
   *     they were applied
   * @param domains of the plan and of earlier ones
   */
  List<ObjectChange> diff(
      @Nullable Plan former, List<AppliedObject> applied, List<PlannedDomain> domains, Plan plan);

  /** Finds what there is of a component's log; nothing is read before it is copied. */
  ComponentLog logs(Plan plan, PlannedComponent component, LogRequest request);
}
