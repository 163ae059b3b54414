package dev.floe.platform.runtime;

import dev.floe.platform.plan.Plan.PlannedComponent;

/** One look at a platform: what several components need is read once. Used by one thread. */
@FunctionalInterface
public interface PlatformLook {
  /** How a component is at this moment. */
  Observation observe(PlannedComponent component);
}
