package dev.floe.launcher.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndDeciderTest {
  private static VerdictReason reason(@Nullable VerdictReason decided, Cause cause, int code) {
    var verdict = decided == null ? null : Verdict.of(decided, "decided");
    var ending = new Ending(cause, code, null, null, null, null);
    return EndDecider.verdict(verdict, RunKind.CUSTOM, ending, Duration.ofMinutes(1)).reason();
  }

  @ParameterizedTest
  @EnumSource(VerdictReason.class)
  void aSuccessStandsAgainstEveryDecision(VerdictReason decided) {
    assertThat(reason(decided, Cause.EXITED, 0)).isEqualTo(VerdictReason.COMPLETED);
  }

  @Test
  void aProcessThatFailedByItselfHasItsOwnVerdict() {
    assertThat(reason(VerdictReason.LAUNCH_TIMEOUT, Cause.EXITED, 3))
        .isEqualTo(VerdictReason.EXIT_CODE);
    assertThat(reason(VerdictReason.RUN_TIMEOUT, Cause.OOM_KILLED, 137))
        .isEqualTo(VerdictReason.OOM_KILLED);
  }

  @Test
  void whatTheDecisionBroughtAboutIsRecordedAsDecided() {
    assertThat(reason(VerdictReason.BY_USER, Cause.STOPPED, 0)).isEqualTo(VerdictReason.BY_USER);
    assertThat(reason(VerdictReason.RUN_TIMEOUT, Cause.POD_DELETED, 143))
        .isEqualTo(VerdictReason.RUN_TIMEOUT);
    assertThat(reason(VerdictReason.LAUNCH_TIMEOUT, Cause.JOB_DELETED, 143))
        .isEqualTo(VerdictReason.LAUNCH_TIMEOUT);
  }

  @Test
  void withoutADecisionTheEndingIsTheVerdict() {
    assertThat(reason(null, Cause.EVICTED, 137)).isEqualTo(VerdictReason.EVICTED);
  }
}
