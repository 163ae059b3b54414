package dev.floe.launcher.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Obstacle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictClassifierTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(90);

  @ParameterizedTest
  @CsvSource({
    "OOM_KILLED, 137, OOM_KILLED, APPLICATION",
    "DEADLINE, 143, DEADLINE_EXCEEDED, APPLICATION",
    "START_ERROR, 128, START_ERROR, CONFIGURATION",
    "EVICTED, 143, EVICTED, INFRASTRUCTURE",
    "PREEMPTED, 143, PREEMPTED, INFRASTRUCTURE",
    "NODE_LOST, , NODE_LOST, INFRASTRUCTURE",
    "NODE_SHUTDOWN, 143, NODE_SHUTDOWN, INFRASTRUCTURE",
    "POD_DELETED, 143, POD_DELETED, INFRASTRUCTURE",
    "JOB_DELETED, , JOB_DELETED, INFRASTRUCTURE",
    "STOPPED, 143, POD_DELETED, INFRASTRUCTURE",
    "EXITED, 0, COMPLETED, SUCCESS",
    "EXITED, 3, EXIT_CODE, APPLICATION",
    "EXITED, 137, EXIT_CODE, APPLICATION",
    "EXITED, , EXIT_CODE, APPLICATION",
  })
  void everyEndingHasItsVerdict(
      Cause cause, @Nullable Integer code, VerdictReason reason, VerdictCategory category) {
    // When
    var verdict = ended(RunKind.CUSTOM, cause, code);
    // Then
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.category()).isEqualTo(category);
    assertThat(verdict.exitCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "QUALITY_CHECK, 1, QUALITY_GATE_FAILED",
    "DBT_TEST, 1, QUALITY_GATE_FAILED",
    "QUALITY_CHECK, 2, EXIT_CODE",
    "DBT_RUN, 1, EXIT_CODE",
    "INGESTION, 1, EXIT_CODE",
  })
  void aCheckThatFoundTheDataWantingIsNoFailureOfTheCheck(
      RunKind kind, int code, VerdictReason reason) {
    // When
    var verdict = ended(kind, Cause.EXITED, code);
    // Then
    assertThat(verdict.reason()).isEqualTo(reason);
  }

  @Test
  void aSignalAndATimeoutStandInTheWords() {
    // When
    var signal = ended(RunKind.CUSTOM, Cause.EXITED, 138);
    var deadline = ended(RunKind.CUSTOM, Cause.DEADLINE, 143);
    // Then
    assertThat(signal.message()).isEqualTo("Killed by signal 10");
    assertThat(deadline.message()).isEqualTo("Still running after 1h30m");
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_IMAGE_NAME, INVALID_IMAGE_NAME",
    "CONTAINER_CONFIG, CREATE_CONTAINER_CONFIG_ERROR",
    "START_ERROR, START_ERROR",
    "ADMISSION_DENIED, ADMISSION_DENIED",
  })
  void whatWaitingDoesNotMendIsAVerdictAtOnce(Obstacle.Kind kind, VerdictReason reason) {
    // When
    var verdict = VerdictClassifier.blocked(obstacle(kind), Duration.ZERO);
    // Then
    assertThat(verdict).map(Verdict::reason).contains(reason);
    assertThat(verdict).map(Verdict::message).contains("the cluster's words");
  }

  @ParameterizedTest
  @EnumSource(names = {"QUOTA", "UNSCHEDULABLE", "VOLUME", "OTHER"})
  void whatMayMendIsWaitedFor(Obstacle.Kind kind) {
    // When
    var verdict = VerdictClassifier.blocked(obstacle(kind), Duration.ofHours(1));
    // Then
    assertThat(verdict).isEmpty();
  }

  @Test
  void anImageMayTakeSomeTriesToPull() {
    // Given
    var obstacle = obstacle(Obstacle.Kind.IMAGE_PULL);
    // When
    var early = VerdictClassifier.blocked(obstacle, Duration.ofSeconds(10));
    var late = VerdictClassifier.blocked(obstacle, VerdictClassifier.PULL_GRACE);
    // Then
    assertThat(early).isEmpty();
    assertThat(late).map(Verdict::reason).contains(VerdictReason.IMAGE_PULL_FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "UNSCHEDULABLE, UNSCHEDULABLE",
    "VOLUME, VOLUME_UNAVAILABLE",
    "IMAGE_PULL, IMAGE_PULL_FAILED",
    "OTHER, LAUNCH_TIMEOUT",
  })
  void theLaunchTimeoutNamesTheLastObstacle(Obstacle.Kind kind, VerdictReason reason) {
    // When
    var verdict = VerdictClassifier.launchTimedOut(obstacle(kind), TIMEOUT);
    // Then
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.message()).contains("the cluster's words");
  }

  @Test
  void withoutAnObstacleTheLaunchTimeoutIsTheClustersDoing() {
    // When
    var verdict = VerdictClassifier.launchTimedOut(null, TIMEOUT);
    // Then
    assertThat(verdict.category()).isEqualTo(VerdictCategory.INFRASTRUCTURE);
  }

  @Test
  void aFullQuotaIsNoVerdict() {
    // When
    var verdict = VerdictClassifier.refused(obstacle(Obstacle.Kind.QUOTA));
    // Then
    assertThat(verdict).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(VerdictReason.class)
  void everyReasonButSuccessSaysWhatToDo(VerdictReason reason) {
    // When
    var actions = NextActions.of(Verdict.of(reason, ""), "r1");
    // Then
    assertThat(actions.isEmpty()).isEqualTo(reason == VerdictReason.COMPLETED);
  }

  private static Verdict ended(RunKind kind, Cause cause, @Nullable Integer code) {
    return VerdictClassifier.ended(kind, new Ending(cause, code, null, null, null, null), TIMEOUT);
  }

  private static Obstacle obstacle(Obstacle.Kind kind) {
    return new Obstacle(kind, "Reason", "the cluster's words");
  }
}
