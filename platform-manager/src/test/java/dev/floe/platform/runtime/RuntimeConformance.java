package dev.floe.platform.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.PlatformDiff.Action;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.plan.Plan.SecretPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every runtime keeps to, whatever it runs on. */
public abstract class RuntimeConformance {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String SECRET = "made";

  protected final String platform =
      "same-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));

  /** The permit is another's by now. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final WritePermit NONE =
      () -> {
        throw new Refused();
      };

  protected abstract PlatformRuntime runtime();

  /** Something that runs, planned as it would be for the runtime. */
  protected abstract ObjectNode workload(String namespace, String name);

  /** A value of a Secret; null where there is none. */
  protected abstract @Nullable String secret(String namespace, String name, String key);

  private Plan plan(String... workloads) {
    var namespace = "floe-" + platform;
    var objects = Stream.of(workloads).map(name -> workload(namespace, name)).toList();
    var url = List.of(new SecretPart("db://", null), new SecretPart(null, "password"));
    var secret =
        new PlannedSecret(
            SECRET, Map.of("password", 32), Map.of(), Map.of("url", url), null, false);
    var component =
        new PlannedComponent(
            "web", "web", "web", "1", List.of(), objects, List.of(secret), List.of(), null);
    return new Plan(
        platform, runtime().name(), namespace, List.of(component), List.of(), List.of());
  }

  private List<AppliedObject> applied(Plan plan) {
    runtime().prepare(plan, WritePermit.ALWAYS);
    var applied = new ArrayList<AppliedObject>();
    var component = plan.components().getFirst();
    runtime().apply(plan, component, WritePermit.ALWAYS, applied::add, words -> {});
    await().atMost(LONG).until(() -> observed(plan).ready());
    return component.objects().stream()
        .map(object ->
            applied.stream()
                .filter(one -> one.tree().equals(object))
                .findFirst()
                .orElse(new AppliedObject(object, null)))
        .toList();
  }

  private Observation observed(Plan plan) {
    return runtime().look(plan).observe(plan.components().getFirst());
  }

  private List<ObjectChange> diff(@Nullable Plan former, List<AppliedObject> applied, Plan plan) {
    return runtime().diff(former, applied, List.of(), plan);
  }

  @Test
  void whatIsAppliedRunsAndIsTakenAwayOnce() {
    // Given
    var plan = plan("one", "two");
    assertThat(observed(plan).ready()).isFalse();
    assertThat(diff(null, List.of(), plan))
        .extracting(ObjectChange::action)
        .contains(Action.CREATE);
    // When
    var applied = applied(plan);
    // Then
    var seen = observed(plan);
    assertThat(seen.available()).isTrue();
    assertThat(seen.workloads()).hasSize(2);
    assertThat(runtime().jobRuns(plan, plan.components().getFirst())).isEmpty();
    // When
    var removal = runtime().remove(withoutComponents(plan), applied, true, WritePermit.ALWAYS);
    // Then
    assertThat(removal.removed()).hasSize(2);
    assertThat(removal.kept()).isEmpty();
    assertThat(observed(plan).ready()).isFalse();
    var again = runtime().remove(withoutComponents(plan), applied, true, WritePermit.ALWAYS);
    assertThat(again.removed()).isEmpty();
  }

  @Test
  void applyingAgainChangesNothing() {
    // Given
    var plan = plan("one");
    var applied = applied(plan);
    var password = secret(plan.namespace(), SECRET, "password");
    var before = observed(plan);
    // Then
    assertThat(diff(plan, applied, plan)).isEmpty();
    // When
    applied(plan);
    runtime().revive(plan, plan.components().getFirst(), WritePermit.ALWAYS);
    // Then
    assertThat(observed(plan)).isEqualTo(before);
    assertThat(secret(plan.namespace(), SECRET, "password")).isEqualTo(password).hasSize(32);
    assertThat(secret(plan.namespace(), SECRET, "url")).isEqualTo("db://" + password);
    runtime().remove(withoutComponents(plan), applied, true, WritePermit.ALWAYS);
  }

  @Test
  void whatStaysInThePlanStays() {
    // Given
    var plan = plan("one", "two");
    var applied = applied(plan);
    var less = plan("one");
    // Then
    assertThat(diff(plan, applied, less))
        .filteredOn(change -> change.action() == Action.DELETE)
        .singleElement()
        .satisfies(change -> assertThat(change.object()).endsWith("/two"));
    // When
    var removal = runtime().remove(less, applied, true, WritePermit.ALWAYS);
    // Then
    assertThat(removal.removed()).hasSize(1);
    assertThat(observed(less).ready()).isTrue();
    runtime().remove(withoutComponents(plan), applied, true, WritePermit.ALWAYS);
  }

  @Test
  void nothingIsWrittenWithoutAPermit() {
    // Given
    var plan = plan("one");
    var component = plan.components().getFirst();
    // When
    assertThatThrownBy(() -> runtime().prepare(plan, NONE)).isInstanceOf(Refused.class);
    // Then
    assertThat(secret(plan.namespace(), SECRET, "password")).isNull();
    // When
    assertThatThrownBy(() -> runtime().apply(plan, component, NONE, one -> {}, words -> {}))
        .isInstanceOf(Refused.class);
    // Then
    assertThat(observed(plan).workloads())
        .allSatisfy(workload -> assertThat(workload.ready()).isZero());
    // When
    var applied = applied(plan);
    assertThatThrownBy(() -> runtime().remove(withoutComponents(plan), applied, true, NONE))
        .isInstanceOf(Refused.class);
    // Then
    assertThat(observed(plan).ready()).isTrue();
    runtime().remove(withoutComponents(plan), applied, true, WritePermit.ALWAYS);
  }

  private static Plan withoutComponents(Plan plan) {
    return new Plan(
        plan.platform(), plan.runtime(), plan.namespace(), List.of(), List.of(), List.of());
  }
}
