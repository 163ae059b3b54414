package dev.floe.platform.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.contract.platform.Bindings.Binding;
import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.Plan.SecretCopy;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartialPlanTest {
  private static final PlannedDomain SALES =
      new PlannedDomain("sales", "sales", List.of(new SecretCopy("db", "p-db")));

  private final Plan present =
      plan(List.of(SALES), component("db", "1", "db"), component("app", "1", null, "db"));

  @Test
  void oneComponentIsChangedAndTheOthersStay() {
    // Given: both are newer, and the domain is gone
    var wanted = plan(List.of(), component("db", "2", "db2"), component("app", "2", null, "db"));
    // When
    var plan = PartialPlan.of(present, wanted, "app");
    // Then
    assertThat(plan)
        .isEqualTo(
            plan(List.of(SALES), component("db", "1", "db"), component("app", "2", null, "db")));
  }

  @Test
  void whatJobsInheritFollowsTheComponent() {
    // Given
    var wanted = plan(List.of(), component("db", "2", "db2"));
    // When
    var plan = PartialPlan.of(present, wanted, "db");
    // Then
    assertThat(plan.domains())
        .containsExactly(
            new PlannedDomain("sales", "sales", List.of(new SecretCopy("db2", "p-db2"))));
  }

  @Test
  void aNewComponentComesBehindTheOthers() {
    // Given
    var wanted = plan(List.of(), component("ui", "1", null, "app"));
    // Then
    assertThat(PartialPlan.of(present, wanted, "ui").components())
        .extracting(PlannedComponent::name)
        .containsExactly("db", "app", "ui");
  }

  @Test
  void aComponentThatTheManifestLacksOrThatNeedsMoreIsRefused() {
    // Given
    var wanted =
        plan(List.of(), component("cache", "1", null), component("ui", "1", null, "cache"));
    // Then
    assertThatThrownBy(() -> PartialPlan.of(present, wanted, "nothing"))
        .hasMessageContaining("the manifest has no component 'nothing'; it has [cache, ui]");
    assertThatThrownBy(() -> PartialPlan.of(present, wanted, "ui"))
        .hasMessageContaining("ui needs cache, which is not deployed");
  }

  private static Plan plan(List<PlannedDomain> domains, PlannedComponent... components) {
    return new Plan("p", "kubernetes", "floe-p", List.of(components), domains, List.of());
  }

  private static PlannedComponent component(
      String name,
      String version,
      @org.jspecify.annotations.Nullable String secret,
      String... after) {
    var bindings =
        secret == null
            ? List.<Binding>of()
            : List.of(
                new Binding(name, name, List.of(EnvVar.secret("PASSWORD", "p-" + secret, "key"))));
    return new PlannedComponent(
        name, name, name, version, List.of(after), List.of(), List.of(), bindings, null);
  }
}
