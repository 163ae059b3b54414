package dev.floe.platform.runtime;

import dev.floe.contract.EventReason;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is done to platforms. Every call may be repeated, also by another replica. Throws what
 * {@link PlatformRuntime} says.
 */
public interface PlatformWriter {
  /** Keeps secrets that stood in a manifest; values that are there are replaced. */
  void keepInlineSecrets(String platform, Map<String, Map<String, String>> secrets);

  /** Makes the platform's namespace and its Secrets; what was generated before is kept. */
  void prepare(Plan plan, WritePermit permit);

  /**
   * Makes one component's objects be as planned; returns before they are ready.
   *
   * @param applied told of each object that has a UID, right after it was applied
   */
  void apply(
      Plan plan,
      PlannedComponent component,
      WritePermit permit,
      Consumer<AppliedObject> applied,
      Consumer<String> progress);

  /**
   * Starts again what has ended and should run. On Kubernetes that is its own controllers' work.
   */
  void revive(Plan plan, PlannedComponent component, WritePermit permit);

  /** Makes each domain's namespace, what is granted in it and the Secrets that jobs refer to. */
  void prepareDomains(Plan plan, WritePermit permit);

  /**
   * Takes back what was given to domains that the plan does not have any more, and the Secrets that
   * no job of a domain refers to any more: the grant, the content of the copies, the claim on the
   * namespace. What is not floe's own is left alone.
   *
   * @param former domains of this release's plan and of earlier ones
   * @return what was taken back just now, each a sentence
   */
  List<String> revoke(Plan plan, List<PlannedDomain> former, WritePermit permit);

  /**
   * Removes objects, the last one first, by the rules of {@link Removal}. What the remaining plan
   * has stays.
   *
   * @param objects in the order they were applied
   * @param gone whether to return only when they are gone
   */
  Removal remove(Plan remaining, List<AppliedObject> objects, boolean gone, WritePermit permit);

  /** Tells the world; may be lost. */
  void emit(Plan plan, EventReason reason, String note);
}
