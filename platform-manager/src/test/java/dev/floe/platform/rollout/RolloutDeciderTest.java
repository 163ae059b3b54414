package dev.floe.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.rollout.RolloutDecider.Next;
import dev.floe.platform.rollout.RolloutDecider.Progress;
import dev.floe.platform.runtime.Observation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutDeciderTest {
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  private final PlannedComponent database = component("database", List.of(), "StatefulSet");
  private final PlannedComponent cache = component("cache", List.of(), "StatefulSet");

  /** Its schema is made before it starts. */
  private final PlannedComponent catalog =
      component("catalog", List.of("database"), "ConfigMap", "Job", "Deployment");

  private final RolloutDecider decider =
      new RolloutDecider(
          new Plan(
              "p", "kubernetes", "floe-p", List.of(database, cache, catalog), List.of(), List.of()),
          GRACE,
          TIMEOUT);

  private final Map<String, Progress> progress = new HashMap<>();

  @Test
  void whatNeedsNothingIsAppliedAtOnce() {
    assertThat(next(0)).isEqualTo(new Next.Apply(database, 1));
    applied(database, 0);
    assertThat(next(0)).isEqualTo(new Next.Apply(cache, 1));
    applied(cache, 0);
    assertThat(next(0)).isEqualTo(new Next.Look(List.of(database, cache)));
  }

  @Test
  void aComponentWaitsForThoseThatItNeedsAndForNoOther() {
    // Given: the cache is not ready
    applied(database, 0);
    applied(cache, 0);
    seen(cache, Observation.waiting("NotReady", null, List.of()), 0);
    // When
    ready(database);
    // Then
    assertThat(next(1)).isEqualTo(new Next.Apply(catalog, 1));
  }

  @Test
  void eachPhaseWaitsForTheOneBefore() {
    // Given
    applied(database, 0);
    ready(database);
    applied(cache, 0);
    ready(cache);
    for (int phase = 1; phase <= 3; phase++) {
      // Then
      assertThat(next(0)).isEqualTo(new Next.Apply(catalog, phase));
      applied(catalog, 0);
      assertThat(next(0)).isEqualTo(new Next.Look(List.of(catalog)));
      assertThat(decider.ready(progress)).isEqualTo(2);
      ready(catalog);
    }
    assertThat(next(0)).isEqualTo(new Next.Finish());
    assertThat(decider.ready(progress)).isEqualTo(3);
  }

  @Test
  void aComponentThatKeepsFailingEndsTheReleaseAlsoWhereOthersCouldGoOn() {
    // Given
    applied(database, 0);
    applied(cache, 0);
    ready(database);
    seen(cache, Observation.failing("CrashLoopBackOff", "exit code 1", List.of()), 60);
    assertThat(next(60)).isEqualTo(new Next.Apply(catalog, 1));
    // When
    seen(cache, Observation.failing("CrashLoopBackOff", "exit code 1", List.of()), 61);
    // Then
    assertThat(next(61)).isEqualTo(new Next.GiveUp("cache: CrashLoopBackOff, exit code 1"));
  }

  @Test
  void eachPhaseHasItsOwnTime() {
    // Given
    var waiting = Observation.waiting("Running", "it has not completed", List.of());
    applied(database, 0);
    ready(database);
    applied(cache, 0);
    ready(cache);
    applied(catalog, 0);
    ready(catalog);
    applied(catalog, 600);
    seen(catalog, waiting, 0);
    // Then
    assertThat(next(1500)).isInstanceOf(Next.Look.class);
    assertThat(next(1501))
        .isEqualTo(
            new Next.GiveUp("not ready after PT15M: catalog: Running, it has not completed"));
  }

  @Test
  void worstIsWhatHasBeenFailingForLongest() {
    // Given
    applied(database, 0);
    applied(cache, 0);
    assertThat(decider.worst(progress)).isNull();
    // When
    seen(database, Observation.waiting("NotReady", null, List.of()), 0);
    seen(cache, Observation.failing("ImagePullBackOff", null, List.of()), 0);
    // Then
    assertThat(decider.worst(progress))
        .extracting("component", "words")
        .containsExactly("cache", "cache: ImagePullBackOff");
  }

  @Test
  void componentsThatWaitForEachOtherAreNoEndlessWait() {
    // Given
    var one = component("one", List.of("other"), "Deployment");
    var other = component("other", List.of("one"), "Deployment");
    var plan = new Plan("p", "kubernetes", "floe-p", List.of(one, other), List.of(), List.of());
    // Then
    assertThat(new RolloutDecider(plan, GRACE, TIMEOUT).next(Map.of(), 0))
        .isInstanceOf(Next.GiveUp.class);
  }

  @Test
  void neighbouringJobsAreOnePhase() {
    // Given
    var component = component("c", List.of(), "ConfigMap", "Job", "Job", "Deployment", "Service");
    // Then
    assertThat(component.phases()).isEqualTo(3);
    assertThat(kinds(component.phase(1))).containsExactly("ConfigMap");
    assertThat(kinds(component.phase(2))).containsExactly("Job", "Job");
    assertThat(kinds(component.phase(3))).containsExactly("Deployment", "Service");
    assertThat(kinds(component.phasesUpTo(2))).containsExactly("ConfigMap", "Job", "Job");
    assertThat(kinds(component.lasting())).containsExactly("ConfigMap", "Deployment", "Service");
    assertThat(component("c", List.of()).phases()).isEqualTo(1);
    assertThat(component("c", List.of(), "Job").phases()).isEqualTo(1);
  }

  private Next next(long seconds) {
    return decider.next(progress, Duration.ofSeconds(seconds).toNanos());
  }

  private Progress of(PlannedComponent component) {
    return progress.getOrDefault(component.name(), Progress.NONE);
  }

  private void applied(PlannedComponent component, long seconds) {
    progress.put(
        component.name(), of(component).withApplied(Duration.ofSeconds(seconds).toNanos()));
  }

  private void seen(PlannedComponent component, Observation seen, long failingSeconds) {
    progress.put(
        component.name(),
        of(component).withSeen(seen, Duration.ofSeconds(failingSeconds).toNanos()));
  }

  private void ready(PlannedComponent component) {
    progress.put(component.name(), of(component).withReady());
  }

  private static List<String> kinds(PlannedComponent component) {
    return component.objects().stream().map(object -> object.path("kind").asText()).toList();
  }

  private static PlannedComponent component(String name, List<String> after, String... kinds) {
    List<ObjectNode> objects =
        Stream.of(kinds)
            .map(kind -> JsonNodeFactory.instance.objectNode().put("kind", kind))
            .toList();
    return new PlannedComponent(name, name, name, "1", after, objects, List.of(), List.of(), null);
  }
}
