package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.Names.Services;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over objects as a cluster had them: {@code readiness/*.yaml}. */
class WorkloadReadinessTest {
  @ParameterizedTest
  @CsvSource({
    "deployment-broken, true, ImagePullBackOff, nowhere:1",
    // the broken pod of the first revision is still there
    "deployment-corrected, false, Unschedulable, no nodes",
    "deployment-broken-again, true, ImagePullBackOff, good:1",
    "deployment-denied, true, FailedCreate, exceeded quota",
    "statefulset-denied, true, FailedCreate, exceeded quota",
    "statefulset-broken, true, ImagePullBackOff, nowhere:1",
    // db-0 is broken and of the first revision, db-1 is new
    "statefulset-corrected, false, Unschedulable, no nodes",
  })
  void recordedWorkloadIsNotReady(String recording, boolean failing, String reason, String words) {
    // When
    var seen = seen(objects(recording));
    // Then
    assertThat(seen.ready()).isFalse();
    assertThat(seen.failing()).isEqualTo(failing);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.workload().message()).contains(words);
  }

  /** The pods of three revisions are there, and of one that works one answers. */
  @Test
  void whatServesStaysAvailableBesideARevisionThatCannotStart() {
    // Given
    var objects = objects("deployment-broken-again");
    var status = of(Deployment.class, objects).getFirst().getStatus();
    status.setReplicas(2);
    status.setAvailableReplicas(1);
    // When
    var seen = seen(objects);
    // Then
    assertThat(seen.available()).isTrue();
    assertThat(seen.ready()).isFalse();
    assertThat(seen.failing()).isTrue();
    // When
    status.setAvailableReplicas(0);
    // Then
    assertThat(seen(objects).available()).isFalse();
  }

  @Test
  void recordedDeploymentIsReady() {
    // When
    var seen = seen(objects("deployment-ready"));
    // Then
    assertThat(seen.ready()).isTrue();
    assertThat(seen.workload().restarts()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"deployment-broken", "statefulset-broken"})
  void nothingIsSaidBeforeTheControllerHasSeenWhatWasApplied(String recording) {
    // Given
    var objects = objects(recording);
    var workload = objects.stream().filter(WorkloadReadinessTest::isWorkload).findFirst();
    var metadata = workload.orElseThrow().getMetadata();
    metadata.setGeneration(metadata.getGeneration() + 1);
    // When
    var seen = seen(objects);
    // Then
    assertThat(seen.ready()).isFalse();
    assertThat(seen.failing()).isFalse();
  }

  @Test
  void aJobWhosePodCannotStartIsFailing() {
    // Given
    var pods = of(Pod.class, objects("statefulset-broken"));
    // When
    var seen = WorkloadReadiness.of(job(new ObjectMeta()), pods, List.of());
    // Then
    assertThat(seen.failing()).isTrue();
    assertThat(seen.available()).isTrue();
    assertThat(seen.reason()).isEqualTo("ImagePullBackOff");
    assertThat(seen.workload().message()).contains("nowhere:1");
  }

  @Test
  void aJobWhosePodIsStartedAgainRuns() {
    // Given
    var pods = of(Pod.class, objects("statefulset-broken"));
    pods.stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .forEach(status -> status.getState().getWaiting().setReason("CrashLoopBackOff"));
    var job = job(new ObjectMeta());
    job.getStatus().setFailed(2);
    // When
    var seen = WorkloadReadiness.of(job, pods, List.of());
    // Then
    assertThat(seen.failing()).isFalse();
    assertThat(seen.reason()).isEqualTo("Running");
    assertThat(seen.workload().message()).isEqualTo("it has not completed; 2 of its pods failed");
  }

  @Test
  void aJobThatIsDeniedItsPodsIsFailing() {
    // Given
    var objects = objects("statefulset-denied");
    var set = of(StatefulSet.class, objects).getFirst();
    // When
    var seen = WorkloadReadiness.of(job(set.getMetadata()), List.of(), of(Event.class, objects));
    // Then
    assertThat(seen.failing()).isTrue();
    assertThat(seen.reason()).isEqualTo("FailedCreate");
    assertThat(seen.workload().message()).contains("exceeded quota");
  }

  private static Job job(ObjectMeta metadata) {
    return new JobBuilder().withMetadata(metadata).withNewStatus().endStatus().build();
  }

  /** A corrected release is not failed by what its predecessor was denied. */
  @Test
  void denialOfWhatWasAppliedEarlierSaysNothing() {
    // Given
    var objects = objects("statefulset-denied");
    of(StatefulSet.class, objects).getFirst().getMetadata().getManagedFields().stream()
        .filter(entry -> entry.getManager().equals(Services.PLATFORM_MANAGER))
        .forEach(entry -> entry.setTime("2099-01-01T00:00:00Z"));
    // Then
    assertThat(seen(objects).failing()).isFalse();
  }

  @Test
  void denialBeforeAPodThatWasCreatedSaysNothing() {
    // Given
    var objects = new ArrayList<>(objects("statefulset-denied"));
    var denial = of(Event.class, objects).getFirst();
    objects.add(
        new EventBuilder(denial)
            .withReason("SuccessfulCreate")
            .withLastTimestamp("2099-01-01T00:00:00Z")
            .build());
    // Then
    assertThat(seen(objects).failing()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"deployment-broken", "statefulset-broken"})
  void podThatIsGoingSaysNothing(String recording) {
    // Given
    var objects = objects(recording);
    objects.stream()
        .filter(Pod.class::isInstance)
        .forEach(pod -> pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z"));
    // Then
    assertThat(seen(objects).failing()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"deployment-broken", "statefulset-broken"})
  void podOfAnotherWorkloadWithTheSameLabelsSaysNothing(String recording) {
    // Given
    var objects = objects(recording);
    objects.stream()
        .filter(Pod.class::isInstance)
        .flatMap(pod -> pod.getMetadata().getOwnerReferences().stream())
        .forEach(owner -> owner.setUid("another"));
    // Then
    assertThat(seen(objects).failing()).isFalse();
  }

  private static boolean isWorkload(HasMetadata object) {
    return object instanceof Deployment || object instanceof StatefulSet;
  }

  private static SeenWorkload seen(List<HasMetadata> objects) {
    var pods = of(Pod.class, objects);
    return of(Deployment.class, objects).stream()
        .map(one -> WorkloadReadiness.of(one, of(ReplicaSet.class, objects), pods))
        .findFirst()
        .orElseGet(() ->
            WorkloadReadiness.of(
                of(StatefulSet.class, objects).getFirst(), pods, of(Event.class, objects)));
  }

  private static <T> List<T> of(Class<T> kind, List<HasMetadata> objects) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static List<HasMetadata> objects(String recording) {
    var file = "/readiness/" + recording + ".yaml";
    return new KubernetesSerialization()
        .unmarshal(
            Objects.requireNonNull(WorkloadReadinessTest.class.getResourceAsStream(file)),
            KubernetesList.class)
        .getItems();
  }
}
