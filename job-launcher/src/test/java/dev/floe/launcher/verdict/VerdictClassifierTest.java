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
import org.assertj.core.api.Assumptions;
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
    "QUALITY_CHECK, 65, QUALITY_GATE_FAILED",
    "DBT_TEST, 65, QUALITY_GATE_FAILED",
    "QUALITY_CHECK, 1, EXIT_CODE",
    "DBT_TEST, 1, EXIT_CODE",
    "QUALITY_CHECK, 2, EXIT_CODE",
    "QUALITY_CHECK, 193, EXIT_CODE",
    "DBT_RUN, 65, EXIT_CODE",
    "INGESTION, 1, EXIT_CODE",
  })
  void onlyExitCode65OfACheckSaysThatTheDataViolatesARule(
      RunKind kind, int code, VerdictReason reason) {
    // When
    var verdict = ended(kind, Cause.EXITED, code);
    // Then
    assertThat(verdict.reason()).isEqualTo(reason);
  }

  @Test
  void theMessageOfACheckSaysHowItsExitCodeIsRead() {
    // When
    var crashed = ended(RunKind.QUALITY_CHECK, Cause.EXITED, 1);
    var violated = ended(RunKind.QUALITY_CHECK, Cause.EXITED, 65);
    // Then
    assertThat(crashed.message())
        .isEqualTo(
            "Exited with code 1; the check gave no result: only exit code 65 says that the data"
                + " violates a rule");
    assertThat(violated.message())
        .isEqualTo("The quality check failed: the data violates a rule (exit code 65)");
  }

  @ParameterizedTest
  @CsvSource({
    "138, 'Exited with code 138, which stands for signal 10 (SIGUSR1)'",
    "137, 'Exited with code 137, which stands for signal 9 (SIGKILL), as when a memory limit is exceeded'",
    "192, 'Exited with code 192, which stands for signal 64'",
    "193, Exited with code 193",
    "255, Exited with code 255",
    "128, Exited with code 128",
    "127, Exited with code 127",
  })
  void onlyCodesOfRealSignalsAreReadAsSignals(int code, String message) {
    // When
    var verdict = ended(RunKind.CUSTOM, Cause.EXITED, code);
    // Then
    assertThat(verdict.message()).isEqualTo(message);
  }

  @Test
  void aKnownSignalIsStatedAsSuch() {
    // Given
    var ending = new Ending(Cause.EXITED, 143, 15, null, null, null, null);
    // When
    var verdict = VerdictClassifier.ended(RunKind.QUALITY_CHECK, ending, TIMEOUT);
    // Then
    assertThat(verdict.message()).isEqualTo("Killed by signal 15 (SIGTERM)");
    assertThat(verdict.exitCode()).isEqualTo(143);
  }

  @Test
  void aTimeoutStandsInTheMessage() {
    // When
    var deadline = ended(RunKind.CUSTOM, Cause.DEADLINE, 143);
    // Then
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

  @ParameterizedTest
  @EnumSource(names = {"QUOTA", "DISK_FULL"})
  void aFullQuotaOrDiskIsNoVerdict(Obstacle.Kind kind) {
    // When
    var verdict = VerdictClassifier.refused(obstacle(kind));
    // Then
    assertThat(verdict).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(VerdictReason.class)
  void everyReasonButSuccessSaysWhatToDo(VerdictReason reason) {
    for (var where : NextActions.Where.values()) {
      // When
      var actions = NextActions.of(Verdict.of(reason, ""), "r1", where);
      // Then
      assertThat(actions.isEmpty()).isEqualTo(reason == VerdictReason.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(VerdictReason.class)
  void adviceForOneMachineNamesNoClusterTools(VerdictReason reason) {
    // Given: reasons that only a cluster gives
    Assumptions.assumeThat(reason)
        .isNotIn(
            VerdictReason.UNSCHEDULABLE,
            VerdictReason.ADMISSION_DENIED,
            VerdictReason.VOLUME_UNAVAILABLE);
    // When
    var actions = NextActions.of(Verdict.of(reason, ""), "r1", NextActions.Where.MACHINE);
    // Then
    assertThat(actions).noneMatch(action -> action.matches(".*(API server|kubectl|cluster).*"));
  }

  private static Verdict ended(RunKind kind, Cause cause, @Nullable Integer code) {
    return VerdictClassifier.ended(kind, new Ending(cause, code, null, null, null, null), TIMEOUT);
  }

  private static Obstacle obstacle(Obstacle.Kind kind) {
    return new Obstacle(kind, "Reason", "the cluster's words");
  }
}
