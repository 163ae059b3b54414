package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.Names;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Obstacle;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReadingTest {
  private static final String BEFORE = "2026-03-01T10:00:00Z";
  private static final String DELETED = "2026-03-01T10:01:30Z"; // asked for 30 s earlier
  private static final String AFTER = "2026-03-01T10:01:05Z";

  @ParameterizedTest
  @CsvSource({
    "Failed, , , Error, 42, EXITED",
    "Succeeded, , , Completed, 0, EXITED",
    "Failed, , , OOMKilled, 137, OOM_KILLED",
    "Failed, , , StartError, 128, START_ERROR",
    "Failed, , , ContainerStatusUnknown, 137, NODE_LOST",
    "Failed, DeadlineExceeded, , Error, 143, DEADLINE",
    "Failed, Evicted, TerminationByKubelet, Error, 137, EVICTED",
    "Failed, , EvictionByEvictionAPI, Error, 143, EVICTED",
    "Failed, , PreemptionByScheduler, Error, 143, PREEMPTED",
    "Failed, Preempting, TerminationByKubelet, Error, 143, PREEMPTED",
    "Failed, , DeletionByTaintManager, Error, 143, NODE_LOST",
    "Failed, , DeletionByPodGC, , , NODE_LOST",
    "Failed, Terminated, TerminationByKubelet, Error, 143, NODE_SHUTDOWN",
    "Failed, OutOfmemory, , , , EVICTED",
    "Succeeded, , EvictionByEvictionAPI, Completed, 0, EXITED",
  })
  void anEndIsReadFromTheStatus(
      String phase,
      @Nullable String reason,
      @Nullable String disruption,
      @Nullable String container,
      @Nullable Integer code,
      Cause cause) {
    // Given
    var pod = pod(phase, reason, disruption, container, code, BEFORE);
    // When
    var ending = PodReading.ending(pod);
    // Then
    assertThat(ending.cause()).isEqualTo(cause);
    assertThat(ending.exitCode()).isEqualTo(code);
  }

  @Test
  void whatEndedBeforeItsPodWasDeletedEndedByItself() {
    // Given
    var early = deleted(pod("Failed", null, null, "Error", 3, BEFORE));
    var late = deleted(pod("Failed", null, null, "Error", 143, AFTER));
    // When
    var byItself = PodReading.ending(early);
    var byDeletion = PodReading.ending(late);
    // Then
    assertThat(byItself.cause()).isEqualTo(Cause.EXITED);
    assertThat(byDeletion.cause()).isEqualTo(Cause.POD_DELETED);
  }

  @Test
  void withoutItsJobASuccessStandsUnlessItCameOfTheDeletion() {
    // Given
    var orphaned = pod("Succeeded", null, null, "Completed", 0, AFTER);
    var early = deleted(pod("Succeeded", null, null, "Completed", 0, BEFORE));
    var told = deleted(pod("Succeeded", null, null, "Completed", 0, AFTER));
    // When
    var ofOrphaned = PodReading.endingWithoutJob(orphaned);
    var ofEarly = PodReading.endingWithoutJob(early);
    var ofTold = PodReading.endingWithoutJob(told);
    // Then
    assertThat(ofOrphaned.cause()).isEqualTo(Cause.EXITED);
    assertThat(ofEarly.cause()).isEqualTo(Cause.EXITED);
    assertThat(ofTold.cause()).isEqualTo(Cause.POD_DELETED);
  }

  @Test
  void theKubeletsLastDeletionHidesWhenSomebodyAskedForIt() {
    // Given: as a real kubelet takes it away, a second after the process ended
    var killed = takenAway(pod("Failed", null, null, "Error", 137, AFTER));
    var failed = takenAway(pod("Failed", null, null, "Error", 3, AFTER));
    var succeeded = takenAway(pod("Succeeded", null, null, "Completed", 0, AFTER));
    // Then
    assertThat(PodReading.ending(killed).cause()).isEqualTo(Cause.POD_DELETED);
    assertThat(PodReading.ending(failed).cause()).isEqualTo(Cause.EXITED);
    assertThat(PodReading.endingWithoutJob(succeeded).cause()).isEqualTo(Cause.EXITED);
  }

  @Test
  void whatAPodSaidWhenItWasOverFirstIsRemembered() {
    // Given
    var remembered = new RememberedEndings();
    var told = owned(deleted(pod("Succeeded", null, null, "Completed", 0, AFTER)), "told");
    var done = owned(pod("Succeeded", null, null, "Completed", 0, BEFORE), "done");
    // When
    remembered.remember(told);
    remembered.remember(takenAway(told));
    remembered.remember(done);
    remembered.remember(takenAway(done));
    // Then
    assertThat(remembered.find("told").orElseThrow().withoutJob().cause())
        .isEqualTo(Cause.POD_DELETED);
    assertThat(remembered.find(new AttemptRef("climate", "told", 1))).isEmpty();
    assertThat(remembered.find(new AttemptRef("climate", "done", 1)).orElseThrow().uid())
        .isEqualTo("done");
  }

  @Test
  void aCompleteJobHasSucceededWhateverItsPodLookedLike() {
    // Given: seen to succeed after its deletion was asked for, and seen to run last
    var told = new RememberedEndings();
    told.remember(owned(deleted(pod("Succeeded", null, null, "Completed", 0, AFTER)), "done"));
    var running = new RememberedEndings();
    running.remember(owned(deleted(pod("Running", null, null, null, null, BEFORE)), "done"));
    var job = job("Complete", "CompletionsReached", "");
    for (var remembered : List.of(told, running, new RememberedEndings())) {
      // When
      var ending = JobReading.endingWithoutPod(job, remembered.find("done")).orElseThrow();
      // Then
      assertThat(ending.cause()).isEqualTo(Cause.EXITED);
      assertThat(ending.exitCode()).isEqualTo(0);
    }
  }

  @Test
  void aJobThatIsBeingRemovedHasTakenItsPodWithIt() {
    // Given
    var remembered = new RememberedEndings();
    remembered.remember(owned(deleted(pod("Succeeded", null, null, "Completed", 0, AFTER)), "r"));
    var removed =
        new JobBuilder().withNewMetadata().withDeletionTimestamp(AFTER).endMetadata().build();
    // When
    var seen = JobReading.endingWithoutPod(removed, remembered.find("r")).orElseThrow();
    var unseen = JobReading.endingWithoutPod(removed, Optional.empty()).orElseThrow();
    // Then
    assertThat(seen.cause()).isEqualTo(Cause.POD_DELETED);
    assertThat(unseen.cause()).isEqualTo(Cause.JOB_DELETED);
  }

  @Test
  void theJobKnowsTheExitCodeOfAPodThatWasNotSeenToEnd() {
    // Given
    var remembered = new RememberedEndings();
    remembered.remember(owned(pod("Running", null, null, null, null, BEFORE), "r"));
    var job =
        job(
            "Failed",
            "PodFailurePolicy",
            "Container main for pod n/p failed with exit code 42 matching FailJob rule at index 1");
    // When
    var ending = JobReading.endingWithoutPod(job, remembered.find("r")).orElseThrow();
    // Then
    assertThat(ending.cause()).isEqualTo(Cause.EXITED);
    assertThat(ending.exitCode()).isEqualTo(42);
  }

  private static Job job(String condition, String reason, String message) {
    return new JobBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType(condition)
        .withStatus("True")
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(AFTER)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod takenAway(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp("2026-03-01T10:01:06Z")
        .withDeletionGracePeriodSeconds(0L)
        .endMetadata()
        .build();
  }

  private static Pod owned(Pod pod, String uid) {
    return new PodBuilder(pod)
        .editMetadata()
        .withNamespace("climate")
        .addToLabels("batch.kubernetes.io/controller-uid", uid)
        .addToLabels(Names.Labels.MANAGED_BY, Names.Services.JOB_LAUNCHER)
        .addToLabels(Names.Labels.RUN, uid)
        .addToLabels(Names.Labels.ATTEMPT, "1")
        .endMetadata()
        .build();
  }

  @Test
  void aDeadlineThatWasSetToStopIsAStop() {
    // Given
    var pod =
        new PodBuilder(pod("Failed", "DeadlineExceeded", null, "Error", 143, BEFORE))
            .editMetadata()
            .addToAnnotations(PodReading.STOPPED, "true")
            .endMetadata()
            .build();
    // When
    var ending = PodReading.ending(pod);
    // Then
    assertThat(ending.cause()).isEqualTo(Cause.STOPPED);
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, IMAGE_PULL",
    "ErrImagePull, IMAGE_PULL",
    "ErrImageNeverPull, IMAGE_PULL",
    "InvalidImageName, INVALID_IMAGE_NAME",
    "CreateContainerConfigError, CONTAINER_CONFIG",
    "CreateContainerError, START_ERROR",
  })
  void whatKeepsAContainerFromStarting(String reason, Obstacle.Kind kind) {
    // Given
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewStatus()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName(JobTemplate.CONTAINER)
            .withNewState()
            .withNewWaiting("words", reason)
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    // When
    var obstacle = PodReading.obstacle(pod);
    // Then
    assertThat(obstacle).isEqualTo(new Obstacle(kind, reason, "words"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PodFailurePolicy | Container main for pod n/p failed with exit code 42 matching FailJob rule at index 1 | EXITED | 42",
        "PodFailurePolicy | Container main for pod n/p failed with exit code 143 matching FailJob rule at index 1 | POD_DELETED | 143",
        "PodFailurePolicy | Pod n/p has condition DisruptionTarget matching FailJob rule at index 0 | EVICTED | ",
        "BackoffLimitExceeded | Job has reached the specified backoff limit | POD_DELETED | ",
      })
  void aJobRemembersWhatItsPodNoLongerSays(
      String reason, String message, Cause cause, @Nullable Integer code) {
    // Given
    var job = job("Failed", reason, message);
    // When
    var ending = JobReading.ending(job).orElseThrow();
    // Then
    assertThat(ending.cause()).isEqualTo(cause);
    assertThat(ending.exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error creating: pods \"r1-1-x\" is forbidden: violates PodSecurity \"restricted:latest\" | ADMISSION_DENIED",
        "Error creating: pods \"r1-1-x\" is forbidden: exceeded quota: q, requested: pods=1 | QUOTA",
        "Error creating: pods \"r1-1-x\" is forbidden: failed quota: q: must specify limits.memory | ADMISSION_DENIED",
        "Error creating: pods \"r1-1-x\" is forbidden: error looking up service account n/jobs | OTHER",
        "Error creating: Timeout: request did not complete | OTHER",
      })
  void whyAJobGetsNoPod(String message, Obstacle.Kind kind) {
    // When
    var obstacle = JobReading.failedCreate(message);
    // Then
    assertThat(obstacle.kind()).isEqualTo(kind);
    assertThat(obstacle.message()).doesNotStartWith("Error creating");
  }

  private static Pod deleted(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp(DELETED)
        .withDeletionGracePeriodSeconds(30L)
        .endMetadata()
        .build();
  }

  private static Pod pod(
      String phase,
      @Nullable String reason,
      @Nullable String disruption,
      @Nullable String container,
      @Nullable Integer code,
      String finishedAt) {
    var builder =
        new PodBuilder()
            .withNewMetadata()
            .withName("r1-1-x")
            .endMetadata()
            .withNewStatus()
            .withPhase(phase)
            .withReason(reason)
            .endStatus();
    if (disruption != null) {
      builder
          .editStatus()
          .addNewCondition()
          .withType("DisruptionTarget")
          .withStatus("True")
          .withReason(disruption)
          .endCondition()
          .endStatus();
    }
    if (container != null) {
      builder
          .editStatus()
          .addNewContainerStatus()
          .withName(JobTemplate.CONTAINER)
          .withNewState()
          .withNewTerminated()
          .withReason(container)
          .withExitCode(code)
          .withFinishedAt(finishedAt)
          .endTerminated()
          .endState()
          .endContainerStatus()
          .endStatus();
    }
    return builder.build();
  }
}
