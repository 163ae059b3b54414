package dev.floe.platform.plan;

import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The plan of a release that changes one component and leaves the others as they are. Pure. */
public final class PartialPlan {
  private PartialPlan() {}

  /**
   * The plan of what is deployed, with one component as another plan has it. Domains stay; what
   * their jobs inherit follows the components.
   *
   * @param present of what is deployed
   * @param wanted of a manifest
   * @param component its name
   * @throws FloeException where the manifest has no such component, or one that it needs is not
   *     deployed
   */
  public static Plan of(Plan present, Plan wanted, String component) {
    var chosen =
        wanted.components().stream()
            .filter(one -> one.name().equals(component))
            .findFirst()
            .orElseThrow(() ->
                FloeException.invalid(
                    "component",
                    "the manifest has no component '%s'; it has %s"
                        .formatted(component, names(wanted))));
    var missing = new TreeSet<>(chosen.after());
    missing.removeAll(names(present));
    if (!missing.isEmpty()) {
      throw FloeException.invalid(
          "component",
          "%s needs %s, which is not deployed; deploy that first, or the whole manifest"
              .formatted(component, missing.first()));
    }
    var components = new ArrayList<PlannedComponent>();
    boolean there = false;
    for (var one : present.components()) {
      boolean same = one.name().equals(component);
      components.add(same ? chosen : one);
      there |= same;
    }
    if (!there) {
      components.add(chosen);
    }
    var copies = Planner.copies(present.platform(), components);
    var secrets = new TreeSet<>(present.inlineSecrets());
    secrets.addAll(wanted.inlineSecrets());
    return new Plan(
        present.platform(),
        present.runtime(),
        present.namespace(),
        components,
        present.domains().stream()
            .map(domain -> new PlannedDomain(domain.name(), domain.namespace(), copies))
            .toList(),
        List.copyOf(secrets),
        wanted.leftOut(),
        false);
  }

  private static List<String> names(Plan plan) {
    return plan.components().stream().map(PlannedComponent::name).toList();
  }
}
