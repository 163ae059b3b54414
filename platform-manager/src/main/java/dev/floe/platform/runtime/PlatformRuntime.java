package dev.floe.platform.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where platforms run. Every call may be repeated, also by another replica, and blocks: call it on
 * a virtual thread and never inside a transaction.
 *
 * <p>Every method throws {@link RuntimeUnavailableException} when the call is worth repeating, for
 * example because the runtime cannot be reached, and {@link RolloutFailedException} when repeating
 * changes nothing.
 *
 * <p>A method that is given a {@link WritePermit} asks for it before it writes each object, and
 * throws what the permit throws.
 */
public interface PlatformRuntime {
  /** {@code kubernetes} or {@code local}. */
  String name();

  /** What blueprints may refer to besides the manifest. */
  ObjectNode facts(String platform);

  /**
   * Whether objects of a kind can be made here.
   *
   * @param kind {@code group/version/Kind}, of the core group {@code version/Kind}
   */
  boolean serves(String kind);

  /** A port of this machine that stays with the component. */
  int port(String platform, String component, String name);

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

  /** Tells the world; may be lost. */
  void emit(Plan plan, EventReason reason, String note);
}
