package dev.floe.platform.status;

import dev.floe.contract.Page;
import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.platform.PlatformDetails;
import dev.floe.contract.platform.PlatformDetails.DomainDetails;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.contract.platform.PlatformStatus.ComponentStatus;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.release.PlatformRow;
import dev.floe.platform.release.ReleaseJournal;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.status.ComponentStates.Seen;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says how platforms and their components are. */
@ApplicationScoped
class StatusService {
  private final ReleaseJournal journal;
  private final CurrentPlans plans;
  private final ComponentStates components;

  StatusService(ReleaseJournal journal, CurrentPlans plans, ComponentStates components) {
    this.journal = journal;
    this.plans = plans;
    this.components = components;
  }

  Uni<Page<PlatformStatus>> list(String after, int limit) {
    return journal
        .platforms(after, limit + 1)
        .chain(rows ->
            Multi.createFrom()
                .iterable(rows.stream().limit(limit).map(PlatformRow::name).toList())
                .onItem()
                .transformToUniAndConcatenate(this::status)
                .collect()
                .asList()
                .map(shown ->
                    new Page<>(shown, rows.size() > limit ? shown.getLast().platform() : null)));
  }

  /** The newest release, with the components of the one that runs. */
  Uni<PlatformStatus> status(String platform) {
    return journal
        .find(platform)
        .map(found -> found.orElseThrow(() -> FloeException.notFound("Platform " + platform)))
        .chain(row -> journal.get(platform, row.lastRelease()))
        .chain(newest ->
            plans
                .get(platform)
                .chain(current ->
                    components
                        .of(platform)
                        .map(seen -> {
                          var shown =
                              current.plan().components().stream()
                                  .map(component -> shown(component, seen))
                                  .toList();
                          return new PlatformStatus(
                              platform,
                              newest.number(),
                              newest.state(),
                              newest.message(),
                              shown.stream().allMatch(ComponentStatus::ready),
                              shown);
                        }))
                .onFailure(PlanUnreadableException.class)
                .recoverWithItem(failure -> unreadable(newest, failure)));
  }

  /** Everything about a platform; 404 where there is none. */
  Uni<PlatformDetails> details(String platform) {
    return status(platform)
        .chain(status ->
            journal
                .platform(platform)
                .chain(row ->
                    plans
                        .bound(platform)
                        .chain(bound ->
                            journal
                                .inventory(platform)
                                .chain(objects ->
                                    journal
                                        .warnings(platform, row.lastRelease())
                                        .map(warnings ->
                                            new PlatformDetails(
                                                status,
                                                row.currentRelease(),
                                                row.boundRelease(),
                                                domains(bound),
                                                variables(bound),
                                                objects,
                                                warnings))))));
  }

  private static List<DomainDetails> domains(Optional<CurrentPlans.Current> bound) {
    return bound.stream()
        .flatMap(one -> one.plan().domains().stream())
        .map(domain -> new DomainDetails(domain.name(), domain.namespace()))
        .toList();
  }

  private static List<String> variables(Optional<CurrentPlans.Current> bound) {
    return bound.stream()
        .flatMap(one -> one.plan().components().stream())
        .flatMap(component -> component.bindings().stream())
        .flatMap(binding -> binding.env().stream())
        .map(EnvVar::name)
        .sorted()
        .toList();
  }

  /** Its components cannot be told; the others of a list can. */
  private static PlatformStatus unreadable(StoredRelease newest, Throwable failure) {
    return new PlatformStatus(
        newest.platform(),
        newest.number(),
        newest.state(),
        String.valueOf(failure.getMessage()),
        false,
        List.of());
  }

  private static ComponentStatus shown(PlannedComponent component, Map<String, Seen> all) {
    var seen = all.getOrDefault(component.name(), Seen.NEVER);
    @Nullable String url = component.url();
    return new ComponentStatus(
        component.name(),
        component.kind(),
        component.system(),
        component.version(),
        seen.ready(),
        seen.available(),
        seen.reason(),
        seen.message(),
        seen.observedAt(),
        url,
        seen.workloads());
  }

  /** The component of the plan that runs; 404 where there is none. */
  Uni<ComponentOfPlan> component(String platform, String component) {
    return plans
        .get(platform)
        .map(current ->
            current.plan().components().stream()
                .filter(one -> one.name().equals(component))
                .findFirst()
                .map(found -> new ComponentOfPlan(current.plan(), found))
                .orElseThrow(() ->
                    FloeException.notFound(
                        "Component %s of platform %s".formatted(component, platform))));
  }

  /** A component and the plan it stands in. */
  record ComponentOfPlan(Plan plan, PlannedComponent component) {}
}
