package dev.floe.launcher.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
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
            run(RunState.SUCCEEDED, null, 1, verdict), AttemptBudget.NONE, log, Where.MACHINE);
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
            AttemptBudget.NONE,
            NO_LOG,
            Where.MACHINE);
    // Then
    assertThat(said.summary())
        .isEqualTo("Attempt 1 waits for room on this machine's disk, which is full.");
    assertThat(said.nextActions().getFirst()).startsWith("Free some space on the disk");
  }

  @Test
  void everyStateAndReasonIsExplained() {
    for (var state : RunState.values()) {
      for (var reason : VerdictReason.values()) {
        var said =
            Explainer.explain(
                run(state, "quota", 1, Verdict.of(reason, "x")),
                AttemptBudget.NONE,
                NO_LOG,
                Where.CLUSTER);
        assertThat(said.summary()).isNotBlank();
      }
    }
  }
}
