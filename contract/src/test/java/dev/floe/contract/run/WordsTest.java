package dev.floe.contract.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.contract.EventReason;
import dev.floe.contract.problem.ProblemType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void everyReasonIsReadAsItIsWritten() {
    assertThat(VerdictReason.values())
        .allSatisfy(reason -> assertThat(VerdictReason.of(reason.value())).isEqualTo(reason));
    assertThatThrownBy(() -> VerdictReason.of("Vanished")).hasMessageContaining("Vanished");
  }

  @Test
  void everyKindIsReadAsItIsWrittenAndAnotherNamesTheList() {
    assertThat(RunKind.values())
        .allSatisfy(kind -> assertThat(RunKind.of(kind.value())).isEqualTo(kind));
    var kinds = Arrays.stream(RunKind.values()).map(RunKind::value).toArray(String[]::new);
    assertThatThrownBy(() -> RunKind.of("dbt")).hasMessageContainingAll(kinds);
  }

  @Test
  void aVerdictHasItsReasonsCategory() {
    var verdict = Verdict.of(VerdictReason.EVICTED, "the node ran out of disk");
    assertThat(verdict.category()).isEqualTo(VerdictCategory.INFRASTRUCTURE);
  }

  @Test
  void aLongMessageIsCut() {
    var verdict = Verdict.of(VerdictReason.EXIT_CODE, "x".repeat(5000), 1);
    assertThat(verdict.message()).hasSize(Verdict.MESSAGE_MAX).endsWith("…");
  }

  @Test
  void wordsAreUnique() {
    assertThat(Arrays.stream(EventReason.values()).map(EventReason::value)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::uri)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(VerdictReason.values()).map(VerdictReason::value))
        .doesNotHaveDuplicates();
  }
}
