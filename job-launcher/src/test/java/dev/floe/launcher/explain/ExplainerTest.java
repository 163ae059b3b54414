package dev.floe.launcher.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.Explanation;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.attempt.FailingSteps;
import dev.floe.launcher.attempt.Failure;
import dev.floe.launcher.log.LogService;
import dev.floe.launcher.retry.AttemptBudget;
import dev.floe.launcher.verdict.NextActions.Where;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final LogService.Tail NO_LOG = new LogService.Tail(List.of(), null);

  private static Run run(
      RunState state, @Nullable String waitingFor, int attempt, @Nullable Verdict verdict) {
    var request =
        new RunRequest(
            "weather",
            null,
            "weather",
            "daily",
            null,
            RunKind.CUSTOM,
            "w",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return new Run(
        "id",
        state,
        waitingFor,
        request,
        attempt,
        verdict,
        null,
        "t",
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        null,
        null,
        1);
  }

  @Test
  void aHeldRunNamesTheComponentAndTheCommandToLookAtIt() {
    // When
    var said =
        Explainer.explain(
            run(RunState.QUEUED, "platform-not-ready:postgresql", 0, null),
            null,
            AttemptBudget.NONE,
            NO_LOG,
            Where.CLUSTER);
    // Then
    assertThat(said.summary()).contains("component 'postgresql' of platform 'weather'");
    assertThat(said.nextActions()).contains("floe platform status weather");
    assertThat(said.retries()).contains("infrastructure: 0 of 3 attempts used");
  }

  @Test
  void aFailedRunShowsItsLogAndWhatToDo() {
    // Given
    var verdict = Verdict.of(VerdictReason.EXIT_CODE, "Exited with code 3", 3);
    // When
    var said =
        Explainer.explain(
            run(RunState.FAILED, null, 1, verdict),
            null,
            AttemptBudget.NONE.plus(VerdictCategory.APPLICATION),
            new LogService.Tail(List.of("boom"), null),
            Where.CLUSTER);
    // Then
    assertThat(said.cause()).contains("ExitCode", "Exited with code 3");
    assertThat(said.logTail()).containsExactly("boom");
    assertThat(said.nextActions()).anyMatch(action -> action.contains("floe run logs id"));
    assertThat(said.retries()).isNull();
  }

  @Test
  void whatIsMissingOfALogIsSaidAlsoOfASuccess() {
    // Given
    var verdict = Verdict.of(VerdictReason.COMPLETED, "Exited with code 0", 0);
    var log = new LogService.Tail(List.of(), "the disk was full");
    // When
    var said =
        Explainer.explain(
            run(RunState.SUCCEEDED, null, 1, verdict),
            null,
            AttemptBudget.NONE,
            log,
            Where.MACHINE);
    // Then
    assertThat(said.summary())
        .isEqualTo(
            "The run succeeded with attempt 1. The log of attempt 1 is not complete: the disk was"
                + " full.");
  }

  @Test
  void aRunThatWaitsForRoomOnTheDiskSaysWhatToFree() {
    // When
    var said =
        Explainer.explain(
            run(RunState.LAUNCHING, "disk-full", 1, null),
            null,
            AttemptBudget.NONE,
            NO_LOG,
            Where.MACHINE);
    // Then
    assertThat(said.summary())
        .isEqualTo("Attempt 1 waits for room on this machine's disk, which is full.");
    assertThat(said.nextActions().getFirst()).startsWith("Free some space on the disk");
  }

  @Test
  void aRunOfAnUnknownDomainNamesItAndWhoIsToKnowIt() {
    // When
    var said = explained(run(RunState.QUEUED, "platform-unknown", 0, null), null, Where.CLUSTER);
    // Then
    assertThat(said.summary())
        .isEqualTo(
            "The run waits for platform 'weather' to be deployed with the domain 'weather'.");
  }

  @Test
  void deniedAccessIsSaidWithItsBeginningAndItsEnd() {
    // Given
    var running = run(RunState.RUNNING, null, 1, null);
    // When
    var said = explained(running, failing(Failure.Kind.DENIED, true), Where.CLUSTER);
    // Then
    assertThat(said.summary())
        .isEqualTo(
            "Attempt 1 is on its way or running. Since 1970-01-01T00:00:00Z its steps fail: the API"
                + " server denies access to the attempt's namespace, or the namespace is gone."
                + " job-launcher tries again; access that stays denied ends the run after"
                + " `floe.launcher.attempt.rights-timeout`.");
    assertThat(said.nextActions())
        .containsExactly("floe platform status weather", "floe run wait id");
  }

  @Test
  void anOutageDuringALaunchIsSaid() {
    // Given
    var launching = run(RunState.LAUNCHING, null, 1, null);
    // When
    var said = explained(launching, failing(Failure.Kind.UNAVAILABLE, false), Where.CLUSTER);
    // Then
    assertThat(said.summary())
        .startsWith("Attempt 1 is being created. Since 1970-01-01T00:00:00Z its steps fail:")
        .contains("the API server cannot be reached")
        .endsWith("the attempt ends after `floe.launcher.attempt.launch-timeout`.");
    assertThat(said.nextActions()).containsExactly("floe doctor", "floe run wait id");
  }

  @Test
  void anOutageDoesNotEndWhatRuns() {
    // Given
    var running = run(RunState.RUNNING, null, 1, null);
    // When
    var said = explained(running, failing(Failure.Kind.UNAVAILABLE, true), Where.CLUSTER);
    // Then
    assertThat(said.summary())
        .endsWith("what runs of the attempt continues meanwhile, until its timeout.");
  }

  @Test
  void everyKindOfFailureIsExplainedEverywhere() {
    for (var kind : Failure.Kind.values()) {
      for (var where : Where.values()) {
        var cancelling = run(RunState.CANCELLING, null, 1, null);
        var said = explained(cancelling, failing(kind, true), where);
        assertThat(said.summary())
            .contains("its steps fail: ", "the run ends as `CANCELLED` after");
        assertThat(said.nextActions()).hasSize(2);
      }
    }
  }

  private static FailingSteps failing(Failure.Kind kind, boolean created) {
    return new FailingSteps(kind, Instant.EPOCH, created);
  }

  private static Explanation explained(Run run, @Nullable FailingSteps failing, Where where) {
    return Explainer.explain(run, failing, AttemptBudget.NONE, NO_LOG, where);
  }

  @Test
  void everyStateAndReasonIsExplained() {
    for (var state : RunState.values()) {
      for (var reason : VerdictReason.values()) {
        var said =
            Explainer.explain(
                run(state, "quota", 1, Verdict.of(reason, "x")),
                null,
                AttemptBudget.NONE,
                NO_LOG,
                Where.CLUSTER);
        assertThat(said.summary()).isNotBlank();
      }
    }
  }
}
