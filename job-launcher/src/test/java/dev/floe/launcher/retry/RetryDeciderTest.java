package dev.floe.launcher.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.RetryPolicy.Action;
import dev.floe.contract.run.RetryPolicy.Backoff;
import dev.floe.contract.run.RetryPolicy.Rule;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryDeciderTest {
  private static final Verdict EVICTED = Verdict.of(VerdictReason.EVICTED, "evicted");
  private static final Verdict FAILED = Verdict.of(VerdictReason.EXIT_CODE, "failed", 3);
  private static final Verdict OOM = Verdict.of(VerdictReason.OOM_KILLED, "too much", 137);

  private static AttemptBudget once(VerdictCategory category) {
    return AttemptBudget.NONE.plus(category);
  }

  private static RetryPolicy rules(Rule... rules) {
    return new RetryPolicy(Map.of(VerdictCategory.APPLICATION, 5), null, List.of(rules));
  }

  @Test
  void theApplicationHasOneAttemptByDefault() {
    assertThat(RetryDecider.decide(null, once(VerdictCategory.APPLICATION), FAILED, null, 0.5))
        .isEqualTo(new Decision.Stop(FAILED));
  }

  @Test
  void evictionSpendsTheInfrastructureBudget() {
    // Given
    var spent = once(VerdictCategory.APPLICATION).plus(VerdictCategory.INFRASTRUCTURE);
    // When
    var decision = RetryDecider.decide(null, spent, EVICTED, "512Mi", 0.5);
    // Then
    assertThat(decision).isEqualTo(new Decision.Retry(Duration.ofSeconds(20), "512Mi"));
  }

  @Test
  void theInfrastructureBudgetEnds() {
    var spent =
        once(VerdictCategory.INFRASTRUCTURE)
            .plus(VerdictCategory.INFRASTRUCTURE)
            .plus(VerdictCategory.INFRASTRUCTURE);
    assertThat(RetryDecider.decide(null, spent, EVICTED, null, 0.5))
        .isEqualTo(new Decision.Stop(EVICTED));
  }

  @Test
  void aRuleStopsBeforeTheBudgetDoes() {
    var policy = rules(new Rule(List.of(3), null, Action.FAIL, null, null));
    assertThat(RetryDecider.decide(policy, once(VerdictCategory.APPLICATION), FAILED, null, 0.5))
        .isEqualTo(new Decision.Stop(FAILED));
  }

  @Test
  void aRuleOfAnotherExitCodeIsPassedOver() {
    var policy = rules(new Rule(List.of(4), null, Action.FAIL, null, null));
    assertThat(RetryDecider.decide(policy, once(VerdictCategory.APPLICATION), FAILED, null, 0.5))
        .isInstanceOf(Decision.Retry.class);
  }

  @Test
  void memoryGrowsAfterAnOutOfMemoryUpToItsBound() {
    var policy =
        rules(
            new Rule(
                null, List.of(VerdictReason.OOM_KILLED), Action.RETRY_WITH_MEMORY, 2.0, "1500Mi"));
    var spent = once(VerdictCategory.APPLICATION);
    assertThat(RetryDecider.decide(policy, spent, OOM, "512Mi", 0.5))
        .isEqualTo(new Decision.Retry(Duration.ofSeconds(10), "1024Mi"));
    assertThat(RetryDecider.decide(policy, spent, OOM, "1Gi", 0.5))
        .isEqualTo(new Decision.Retry(Duration.ofSeconds(10), "1500Mi"));
    assertThat(RetryDecider.decide(policy, spent, OOM, "2Gi", 0.5))
        .isEqualTo(new Decision.Retry(Duration.ofSeconds(10), "2Gi"));
  }

  @Test
  void anythingMayBeCancelledAndNothingFollows() {
    var verdict = Verdict.of(VerdictReason.BY_USER, "cancelled");
    assertThat(RetryDecider.decide(rules(), AttemptBudget.NONE, verdict, null, 0.5))
        .isEqualTo(new Decision.Stop(verdict));
  }

  @Property
  void delaysStayWithinTheirBounds(
      @ForAll @IntRange(min = 0, max = 10_000) int initialMillis,
      @ForAll @IntRange(min = 0, max = 100_000) int maxMillis,
      @ForAll @DoubleRange(min = 1, max = 10) double multiplier,
      @ForAll @DoubleRange(min = 0, max = 1) double spread,
      @ForAll @IntRange(min = 1, max = 19) int ended,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double jitter) {
    // Given
    var policy =
        new RetryPolicy(
            Map.of(VerdictCategory.APPLICATION, 20),
            new Backoff(
                Duration.ofMillis(initialMillis), multiplier, Duration.ofMillis(maxMillis), spread),
            null);
    var spent = new AttemptBudget(Map.of(VerdictCategory.APPLICATION, ended));
    // When
    var decision = RetryDecider.decide(policy, spent, FAILED, null, jitter);
    // Then
    assertThat(decision).isInstanceOf(Decision.Retry.class);
    var delay = ((Decision.Retry) decision).delay();
    assertThat(delay).isBetween(Duration.ZERO, Duration.ofMillis(2L * maxMillis + 1));
    if (spread == 0.0) {
      assertThat(delay).isLessThanOrEqualTo(Duration.ofMillis(maxMillis));
    }
  }

  @Test
  void memoryGrowsNoFurtherThanBytesAreCounted() {
    // Given
    var rule =
        new Rule(null, List.of(VerdictReason.OOM_KILLED), Action.RETRY_WITH_MEMORY, 1000.0, null);
    var policy = new RetryPolicy(Map.of(VerdictCategory.APPLICATION, 20), null, List.of(rule));
    var oom = Verdict.of(VerdictReason.OOM_KILLED, "x");
    // When
    @Nullable String memory = "4Ti";
    for (int i = 0; i < 19; i++) {
      var decision = RetryDecider.decide(policy, AttemptBudget.NONE, oom, memory, 0.5);
      memory = ((Decision.Retry) decision).memory();
    }
    // Then
    assertThat(memory).isEqualTo("8796093022207Mi");
  }

  @Property
  void noCategoryGetsMoreAttemptsThanItMay(
      @ForAll VerdictReason reason, @ForAll @IntRange(min = 1, max = 20) int allowed) {
    // Given
    var verdict = Verdict.of(reason, "x");
    var policy = new RetryPolicy(Map.of(reason.category(), allowed), null, null);
    var budget = AttemptBudget.NONE;
    int attempts = 0;
    // When
    Decision decision;
    do {
      attempts++;
      budget = budget.plus(reason.category());
      decision = RetryDecider.decide(policy, budget, verdict, null, 0.5);
    } while (decision instanceof Decision.Retry && attempts < 100);
    // Then
    boolean ends =
        reason.category() == VerdictCategory.SUCCESS
            || reason.category() == VerdictCategory.CANCELLED
            || reason == VerdictReason.RUN_TIMEOUT
            || reason == VerdictReason.NAMESPACE_GONE
            || reason == VerdictReason.RIGHTS_LOST;
    assertThat(attempts).isEqualTo(ends ? 1 : allowed);
  }
}
