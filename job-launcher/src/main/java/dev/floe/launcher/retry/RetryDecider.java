package dev.floe.launcher.retry;

import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.RetryPolicy.Action;
import dev.floe.contract.run.RetryPolicy.Backoff;
import dev.floe.contract.run.RetryPolicy.Rule;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what follows a finished attempt. Pure: the same inputs always give the same decision. */
public final class RetryDecider {
  static final Duration DEFAULT_INITIAL = Duration.ofSeconds(10);
  static final Duration DEFAULT_MAX = Duration.ofMinutes(5);
  static final double DEFAULT_MULTIPLIER = 2.0;
  static final double DEFAULT_JITTER = 0.2;
  static final double DEFAULT_MEMORY_FACTOR = 1.5;

  /** Verdicts that end the run, whatever the policy says: another attempt would meet the same. */
  private static final Set<VerdictReason> FINAL =
      Set.of(VerdictReason.RUN_TIMEOUT, VerdictReason.NAMESPACE_GONE, VerdictReason.RIGHTS_LOST);

  private RetryDecider() {}

  /**
   * @param policy what the caller asked for; null for the defaults
   * @param spent attempts already used, per verdict category, this one included
   * @param verdict how the attempt ended
   * @param memory the attempt's limit, as a quantity; null where it had none
   * @param jitter uniform in [0, 1)
   * @return retry after a delay, or stop with the verdict that stands
   */
  public static Decision decide(
      @Nullable RetryPolicy policy,
      AttemptBudget spent,
      Verdict verdict,
      @Nullable String memory,
      double jitter) {
    var category = verdict.category();
    if (category == VerdictCategory.SUCCESS
        || category == VerdictCategory.CANCELLED
        || FINAL.contains(verdict.reason())) {
      return new Decision.Stop(verdict);
    }
    var rule = rule(policy, verdict);
    if (rule.isPresent() && rule.get().action() == Action.FAIL) {
      return new Decision.Stop(verdict);
    }
    if (spent.spent(category) >= allowed(policy, category)) {
      return new Decision.Stop(verdict);
    }
    var more =
        rule.filter(r -> r.action() == Action.RETRY_WITH_MEMORY)
            .map(r -> moreMemory(r, memory))
            .orElse(memory);
    return new Decision.Retry(delay(policy, spent.total(), jitter), more);
  }

  /** Attempts that the policy allows in a category, the first one included. */
  public static int allowed(@Nullable RetryPolicy policy, VerdictCategory category) {
    var asked = policy == null ? null : policy.maxAttempts();
    return asked == null
        ? RetryPolicy.defaultAttempts(category)
        : asked.getOrDefault(category, RetryPolicy.defaultAttempts(category));
  }

  private static Optional<Rule> rule(@Nullable RetryPolicy policy, Verdict verdict) {
    var rules = policy == null ? null : policy.rules();
    return Objects.requireNonNullElse(rules, List.<Rule>of()).stream()
        .filter(rule -> matches(rule, verdict))
        .findFirst();
  }

  private static boolean matches(Rule rule, Verdict verdict) {
    var codes = rule.exitCodes();
    var reasons = rule.reasons();
    if ((codes == null || codes.isEmpty()) && (reasons == null || reasons.isEmpty())) {
      return false;
    }
    var code = verdict.exitCode();
    return (codes == null || codes.isEmpty() || (code != null && codes.contains(code)))
        && (reasons == null || reasons.isEmpty() || reasons.contains(verdict.reason()));
  }

  private static @Nullable String moreMemory(Rule rule, @Nullable String memory) {
    if (memory == null) {
      return null;
    }
    var factor = rule.memoryFactor() == null ? DEFAULT_MEMORY_FACTOR : rule.memoryFactor();
    var more = Quantity.timesInMebibytes(memory, factor);
    var max = rule.memoryMax();
    if (max == null || Quantity.parse(more).compareTo(Quantity.parse(max)) <= 0) {
      return more;
    }
    return Quantity.parse(memory).compareTo(Quantity.parse(max)) >= 0 ? memory : max;
  }

  /** Delay before attempt {@code ended + 1}, never below zero. */
  private static Duration delay(@Nullable RetryPolicy policy, int ended, double jitter) {
    var asked = policy == null ? null : policy.backoff();
    var backoff = asked == null ? new Backoff(null, null, null, null) : asked;
    double initial = seconds(backoff.initial(), DEFAULT_INITIAL);
    double max = seconds(backoff.max(), DEFAULT_MAX);
    double multiplier = orElse(backoff.multiplier(), DEFAULT_MULTIPLIER);
    double spread = orElse(backoff.jitter(), DEFAULT_JITTER);
    double plain = Math.min(initial * Math.pow(multiplier, Math.max(0, ended - 1)), max);
    double factor = 1 - spread + 2 * spread * jitter;
    return Duration.ofMillis(Math.round(plain * factor * 1000));
  }

  private static double seconds(@Nullable Duration asked, Duration fallback) {
    return (asked == null ? fallback : asked).toMillis() / 1000.0;
  }

  private static double orElse(@Nullable Double asked, double fallback) {
    return asked == null ? fallback : asked;
  }
}
