package dev.floe.platform.binding;

import dev.floe.contract.platform.Bindings;
import dev.floe.contract.platform.Bindings.ComponentReadiness;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.status.ComponentStates;
import dev.floe.platform.status.ComponentStates.Seen;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;

/** Answers what the jobs of a domain inherit, and whether each component can be used. */
@ApplicationScoped
class BindingService {
  /** A later platform-manager is being rolled out, or one before it was put back. */
  private static final Duration LATER = Duration.ofSeconds(10);

  private final CurrentPlans plans;
  private final ComponentStates components;

  BindingService(CurrentPlans plans, ComponentStates components) {
    this.plans = plans;
    this.components = components;
  }

  Uni<Bindings> of(String platform, String domain) {
    return plans
        .bound(platform)
        .chain(bound ->
            bound.isPresent()
                ? components
                    .of(platform)
                    .map(seen ->
                        bindings(bound.get().plan(), bound.get().release().number(), domain, seen))
                : plans
                    .get(platform)
                    // The first release is under way: jobs wait for it.
                    .map(first ->
                        bindings(first.plan(), first.release().number(), domain, Map.of())))
        .onFailure(PlanUnreadableException.class)
        .transform(failure ->
            FloeException.later(
                ProblemType.UNAVAILABLE, String.valueOf(failure.getMessage()), LATER));
  }

  private static Bindings bindings(Plan plan, int release, String domain, Map<String, Seen> seen) {
    var declared =
        plan.domains().stream()
            .filter(one -> one.name().equals(domain))
            .findFirst()
            .orElseThrow(() ->
                FloeException.notFound(
                    "Domain %s of platform %s".formatted(domain, plan.platform())));
    return new Bindings(
        plan.platform(),
        release,
        plan.runtime(),
        domain,
        declared.namespace(),
        plan.components().stream()
            .map(component -> {
              var last = seen.getOrDefault(component.name(), Seen.NEVER);
              return new ComponentReadiness(
                  component.name(),
                  component.kind(),
                  last.available(),
                  last.reason(),
                  last.message(),
                  last.observedAt());
            })
            .toList(),
        plan.components().stream().flatMap(one -> one.bindings().stream()).toList());
  }
}
