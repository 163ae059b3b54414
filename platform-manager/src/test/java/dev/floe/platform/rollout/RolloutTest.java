package dev.floe.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.Interruption;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One rollout on a clock of its own: no test waits. */
class RolloutTest {
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final Observation READY = Observation.ready(List.of());

  private final TestPace pace = new TestPace();
  private final TestRecords records = new TestRecords();
  private final TestRuntime runtime = new TestRuntime(pace::nanos);
  private final AtomicBoolean stopped = new AtomicBoolean();

  @BeforeEach
  void earlierReleaseLeftAnObject() {
    records.applied.add(new AppliedObject(object("former"), "uid-of-former"));
    records.uids.put("former", "uid-of-former");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "apply", "observe", "prepareDomains", "remove"})
  void outageOfAMinuteDelaysTheRelease(String call) throws InterruptedException {
    // Given
    runtime.awayFor(call, Duration.ofSeconds(60));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
    assertThat(pace.spent()).isGreaterThan(Duration.ofSeconds(60));
    assertThat(records.messages())
        .anyMatch(message -> message.startsWith("waits for the runtime: the API server"))
        .contains("the runtime answers again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "apply", "observe", "prepareDomains", "remove"})
  void outageThatLastsTooLongFailsTheRelease(String call) throws InterruptedException {
    // Given
    runtime.awayFor(call, Duration.ofHours(1));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(records.lastMessage()).contains("could not be reached for PT10M");
    assertThat(pace.spent()).isLessThan(Duration.ofMinutes(11));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "apply", "prepareDomains", "remove"})
  void objectInTheWayIsNoOutageOfTheRuntime(String call) throws InterruptedException {
    // Given
    runtime.unavailable(call, Duration.ofSeconds(60), Extent.OBJECT);
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
    assertThat(records.unreachable).isEmpty();
    assertThat(records.messages())
        .contains("waits: the namespace sales is being terminated", "continues")
        .noneMatch(message -> message.contains("the runtime"));
  }

  @Test
  void componentIsNotSeenAsNotReadyWhileTheRuntimeIsAway() throws InterruptedException {
    // Given
    runtime.awayFor("observe", Duration.ofSeconds(60));
    // When
    deploy();
    // Then
    assertThat(records.observations).containsExactly(READY, READY);
    assertThat(records.unreachable).hasSize(1);
  }

  @Test
  void outageCountsNeitherAsFailingNorAsNotReady() throws InterruptedException {
    // Given: 40 s failing, 9 min away, 40 s failing
    runtime.observe("a", Duration.ofSeconds(40), failing("CrashLoopBackOff"));
    runtime.observe("a", Duration.ofMinutes(9), null);
    runtime.observe("a", Duration.ofSeconds(40), failing("CrashLoopBackOff"));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
  }

  @Test
  void refusalIsFinal() throws InterruptedException {
    // Given
    runtime.refuse("apply", Duration.ofSeconds(30));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(pace.spent()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void refusalRightAfterAnOutageIsPartOfIt() throws InterruptedException {
    // Given
    runtime.awayFor("apply", Duration.ofSeconds(60));
    runtime.refuse("apply", Duration.ofSeconds(20));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
  }

  @Test
  void refusalThatOutlastsTheOutageIsFinal() throws InterruptedException {
    // Given
    runtime.awayFor("apply", Duration.ofSeconds(30));
    runtime.refuse("apply", Duration.ofHours(1));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(records.lastMessage()).isEqualTo("refused");
    assertThat(pace.spent()).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void oneCauseThatLastsFailsTheRelease() throws InterruptedException {
    // Given
    runtime.observe("a", Duration.ofMinutes(3), failing("ImagePullBackOff"));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(records.lastMessage()).contains("a: ImagePullBackOff");
    assertThat(pace.spent()).isLessThan(Duration.ofSeconds(65));
  }

  @Test
  void twoComponentsThatFailOneAfterTheOtherDoNotAddUp() throws InterruptedException {
    // Given
    runtime.observe("a", Duration.ofSeconds(40), failing("CrashLoopBackOff"));
    runtime.observe("b", Duration.ofSeconds(40), Observation.waiting("NotReady", null, List.of()));
    runtime.observe("b", Duration.ofSeconds(40), failing("CrashLoopBackOff"));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
  }

  @Test
  void twoCausesOfOneComponentDoNotAddUp() throws InterruptedException {
    // Given
    runtime.observe("a", Duration.ofSeconds(40), failing("ImagePullBackOff"));
    runtime.observe("a", Duration.ofSeconds(40), failing("CrashLoopBackOff"));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "apply", "observe", "prepareDomains", "remove"})
  void stopInsideACallIsNoFailure(String call) {
    // Given: whatever an interrupted call throws
    for (RuntimeException thrown :
        List.of(
            new RolloutFailedException("interrupted"),
            new RuntimeUnavailableException(
                Extent.CONNECTION, "interrupted", new java.io.InterruptedIOException()),
            new IllegalStateException("interrupted"))) {
      stopped.set(false);
      records.steps.clear();
      runtime.onNext(
          call,
          () -> {
            stopped.set(true);
            throw thrown;
          });
      // When
      assertThatThrownBy(this::deploy).isInstanceOf(InterruptedException.class);
      // Then
      assertThat(records.steps).noneMatch(step -> step.state().terminal());
    }
  }

  @Test
  void interruptedThreadIsNoFailure() {
    // Given
    runtime.onNext(
        "apply",
        () -> {
          Thread.currentThread().interrupt();
          throw new RolloutFailedException("interrupted");
        });
    // When
    assertThatThrownBy(this::deploy).isInstanceOf(InterruptedException.class);
    // Then
    assertThat(Thread.interrupted()).isTrue();
    assertThat(records.steps).noneMatch(step -> step.state().terminal());
  }

  @ParameterizedTest
  @CsvSource({"DEPLOY, 1", "DEPLOY, 2", "DEPLOY, 4", "REMOVE, 1", "REMOVE, 2", "REMOVE, 4"})
  void nothingIsWrittenOnceTheLeaseIsLost(ReleaseAction action, int writes) {
    // Given: the lease is lost between two objects of a component, between two components, or
    // before what earlier releases left is removed
    var components = List.of(component("a", "a", "a2"), component("b", "b", "b2"));
    records.writesLeft = writes;
    // When
    assertThatThrownBy(() -> rollout(action, components).run())
        .isInstanceOf(LeaseLostException.class);
    // Then
    assertThat(runtime.written).hasSize(writes);
    assertThat(records.steps).noneMatch(step -> step.state().terminal());
  }

  @Test
  void whatEarlierReleasesAppliedIsRemovedAndForgotten() throws InterruptedException {
    // Given
    runtime.removal =
        new Removal(List.of("ConfigMap/n/former"), List.of("Secret/n/s stays: it is"));
    // When
    deploy();
    // Then
    assertThat(runtime.removed).containsExactly("former");
    assertThat(records.uids)
        .isEqualTo(Map.of("a", "uid-of-a", "b", "uid-of-b")); // the other is forgotten
    assertThat(records.messages())
        .contains(
            "ConfigMap/n/former is no longer part of the platform", "Secret/n/s stays: it is");
  }

  @Test
  void endOfAJobIsRecordedAlsoWhereItFailed() throws InterruptedException {
    // Given
    runtime.jobRuns.add(new JobRun("schema-1", "uid", false, null, null, "no such host"));
    runtime.observe("a", Duration.ofHours(1), failing("BackoffLimitExceeded"));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    // once for each component, not at each look
    assertThat(records.jobRuns)
        .containsExactly(runtime.jobRuns.getFirst(), runtime.jobRuns.getFirst());
  }

  /** What an earlier release left running looks ready before it is replaced. */
  @Test
  void aComponentIsSeenAsReadyAfterItsLastPhaseAlone() throws InterruptedException {
    // Given
    var objects = List.of(object("a"), object("schema").put("kind", "Job"), object("server"));
    var component =
        new PlannedComponent("a", "a", "a", "1", List.of(), objects, List.of(), List.of(), null);
    // When
    rollout(ReleaseAction.DEPLOY, List.of(component)).run();
    // Then
    assertThat(runtime.written).startsWith("a", "schema", "server");
    assertThat(records.observations).containsExactly(READY);
    assertThat(records.messages()).contains("applied a (1 objects, phase 2 of 3)");
  }

  @Test
  void oldJobsAreRemovedButForThoseOfThePlan() throws InterruptedException {
    // Given
    for (var name : List.of("schema-1", "schema-2")) {
      var job = object(name).put("kind", "Job").put("apiVersion", "batch/v1");
      records.oldJobs.add(new AppliedObject(job, "uid-of-" + name));
    }
    var present = records.oldJobs.getLast().tree();
    var component =
        new PlannedComponent(
            "a", "a", "a", "1", List.of(), List.of(present), List.of(), List.of(), null);
    // When
    rollout(ReleaseAction.DEPLOY, List.of(component)).run();
    // Then
    assertThat(runtime.removed).containsExactlyInAnyOrder("former", "schema-1");
  }

  @Test
  void releaseThatIsAbortedEndsAtItsNextStep() throws InterruptedException {
    // Given: somebody asks for it while a component does not become ready
    runtime.onNext("observe", () -> records.interruption = new Interruption(0, true));
    runtime.observe("a", Duration.ofHours(1), Observation.waiting("NotReady", null, List.of()));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.ABORTED);
    assertThat(records.lastMessage()).isEqualTo("was aborted on request; what it applied stays");
    assertThat(records.bound).isZero();
    assertThat(pace.spent()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void bindingsAreThoseOfAReleaseOnceItsDomainsAreThere() throws InterruptedException {
    // Given
    runtime.onNext("prepareDomains", () -> assertThat(records.bound).isZero());
    runtime.onNext("remove", () -> assertThat(records.bound).isEqualTo(1));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
    assertThat(records.bound).isEqualTo(1);
  }

  @Test
  void releaseThatFailsLeavesTheFormerBindings() throws InterruptedException {
    // Given
    runtime.refuse("prepareDomains", Duration.ofHours(1));
    // When
    deploy();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(records.bound).isZero();
  }

  @Test
  void domainThatLeftTheManifestLosesItsGrant() throws InterruptedException {
    // Given: an earlier release gave two domains a grant, this one has none
    for (var name : List.of("sales", "stock")) {
      records.domains.add(new PlannedDomain(name, name, List.of()));
      runtime.granted.add("p/" + name);
    }
    // When
    deploy();
    // Then
    assertThat(runtime.granted).isEmpty();
    assertThat(records.messages()).contains("p/sales is revoked", "p/stock is revoked");
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
  }

  @Test
  void noJobBeginsWhileAPlatformIsRemoved() throws InterruptedException {
    // Given
    records.bound = 1;
    runtime.onNext("remove", () -> assertThat(records.bound).isZero());
    // When
    rollout(ReleaseAction.REMOVE).run();
    // Then
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
    assertThat(records.bound).isZero();
  }

  @Test
  void removalTakesTheGrantsOfAllDomains() throws InterruptedException {
    // Given
    records.domains.add(new PlannedDomain("sales", "sales", List.of()));
    runtime.granted.add("p/sales");
    // When
    rollout(ReleaseAction.REMOVE).run();
    // Then
    assertThat(runtime.granted).isEmpty();
  }

  @Test
  void removalAlsoTakesWhatAnEarlierReleaseLeft() throws InterruptedException {
    // When
    rollout(ReleaseAction.REMOVE).run();
    // Then
    assertThat(runtime.removed).containsExactlyInAnyOrder("a", "b", "former");
    assertThat(records.state()).isEqualTo(ReleaseState.DEPLOYED);
    assertThat(records.lastMessage()).isEqualTo("every component is gone; data and Secrets stay");
  }

  @Test
  void removalSaysWhatItKept() throws InterruptedException {
    // Given
    runtime.removal =
        new Removal(List.of(), List.of("StatefulSet/n/a stays: it was not applied by floe"));
    // When
    rollout(ReleaseAction.REMOVE).run();
    // Then
    assertThat(records.messages()).contains("StatefulSet/n/a stays: it was not applied by floe");
    assertThat(records.lastMessage()).contains("objects that floe must not delete");
  }

  private void deploy() throws InterruptedException {
    rollout(ReleaseAction.DEPLOY).run();
  }

  private Rollout rollout(ReleaseAction action) {
    return rollout(action, List.of(component("a", "a"), component("b", "b")));
  }

  private Rollout rollout(ReleaseAction action, List<PlannedComponent> components) {
    var plan = new Plan("p", "kubernetes", "floe-p", components, List.of(), List.of());
    components.stream()
        .flatMap(component -> component.objects().stream())
        .forEach(object -> records.applied.add(new AppliedObject(object, null)));
    var release =
        new StoredRelease(
            "p",
            1,
            action,
            ReleaseState.PENDING,
            null,
            null,
            0,
            plan.components().size(),
            "{}",
            PlanText.write(plan),
            Instant.EPOCH,
            null,
            false);
    return new Rollout(
        records,
        runtime,
        new Config(),
        GRACE,
        new Lease("p", "me", 1),
        release,
        stopped::get,
        pace);
  }

  private static PlannedComponent component(String name, String... objects) {
    var trees = Stream.of(objects).map(RolloutTest::object).toList();
    return new PlannedComponent(
        name, name, name, "1", List.of(), trees, List.of(), List.of(), null);
  }

  private static ObjectNode object(String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("kind", "ConfigMap").putObject("metadata").put("name", name);
    return object;
  }

  private static Observation failing(String reason) {
    return Observation.failing(reason, null, List.of());
  }

  record Config() implements RolloutConfig {
    @Override
    public Optional<String> environment() {
      return Optional.empty();
    }

    @Override
    public Duration poll() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration lease() {
      return Duration.ofSeconds(20);
    }

    @Override
    public Duration renew() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration readyTimeout() {
      return Duration.ofMinutes(5);
    }

    @Override
    public Duration look() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration unavailableTimeout() {
      return Duration.ofMinutes(10);
    }
  }
}
