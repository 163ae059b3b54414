package dev.floe.launcher.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.platform.Bindings;
import dev.floe.contract.platform.Bindings.Binding;
import dev.floe.contract.platform.Bindings.ComponentReadiness;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static Lookup known(boolean current, ComponentReadiness... components) {
    return new Lookup.Known(
        new Bindings(
            "weather",
            1,
            "local",
            "weather",
            "weather",
            List.of(components),
            List.of(
                new Binding("warehouse", "postgresql", List.of()),
                new Binding("orchestration", "dagster", List.of()))),
        current);
  }

  private static ComponentReadiness component(String name, String kind, boolean available) {
    return new ComponentReadiness(name, kind, available, "Any", null, null);
  }

  @Test
  void whatExportsABindingMustBeReadyButNeverTheOrchestrator() {
    assertThat(
            Readiness.waitingFor(
                known(
                    true,
                    component("postgresql", "compute", true),
                    component("dagster", "orchestrator", false),
                    component("cube", "semantic_layer", false)),
                null))
        .isEmpty();
    assertThat(Readiness.waitingFor(known(true, component("postgresql", "compute", false)), null))
        .contains("platform-not-ready:postgresql");
  }

  @Test
  void whatIsRequiredMustBeThereAndReady() {
    var lookup =
        known(
            true,
            component("postgresql", "compute", true),
            component("cube", "semantic_layer", false));
    assertThat(Readiness.waitingFor(lookup, List.of("compute"))).isEmpty();
    assertThat(Readiness.waitingFor(lookup, List.of("compute", "semantic_layer")))
        .contains("platform-not-ready:cube");
    assertThat(Readiness.waitingFor(lookup, List.of("catalog")))
        .contains("platform-not-ready:catalog");
  }

  @Test
  void aKindThatNoComponentIsOfIsMissing() {
    var component = component("cube", "semantic_layer", false);
    assertThat(Readiness.missing(known(true, component), List.of("semantic_layer"))).isEmpty();
    assertThat(Readiness.missing(known(true, component), List.of("semantic_layer", "catalog")))
        .contains("catalog");
    assertThat(Readiness.missing(known(true, component), null)).isEmpty();
    assertThat(Readiness.missing(known(false, component), List.of("catalog"))).isEmpty();
    assertThat(Readiness.missing(new Lookup.Unreachable("away"), List.of("catalog"))).isEmpty();
  }

  @Test
  void whatWasKnownLastIsEnoughWhenNobodyCanBeAsked() {
    assertThat(Readiness.waitingFor(known(false, component("postgresql", "compute", false)), null))
        .isEmpty();
    assertThat(Readiness.waitingFor(new Lookup.Unreachable("away"), null))
        .contains("platform-manager-unreachable");
  }

  @Test
  void aPlatformThatNobodyKnowsIsWaitedFor() {
    assertThat(Readiness.waitingFor(new Lookup.Unknown("none"), null)).contains(Readiness.UNKNOWN);
  }
}
