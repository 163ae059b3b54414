package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is followed by another. The orchestrator owns retries in the two-layer
 * model, so the default is one application attempt; infrastructure losses are retried.
 *
 * @param maxAttempts attempts allowed per verdict category, the first one included; categories left
 *     out have their default (application 1, infrastructure 3, configuration 1)
 * @param backoff delay before the next attempt
 * @param rules the first that matches decides, before the budgets do
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryPolicy(
    @Nullable Map<VerdictCategory, @NotNull @Min(1) @Max(20) Integer> maxAttempts,
    @Valid @Nullable Backoff backoff,
    @Size(max = 20) @Nullable List<@Valid @NotNull Rule> rules) {

  /** Attempts per category when the policy is silent. */
  public static int defaultAttempts(VerdictCategory category) {
    return category == VerdictCategory.INFRASTRUCTURE ? 3 : 1;
  }

  /**
   * Delay before attempt n + 1: {@code initial × multiplier^(n-1)}, at most {@code max}, times a
   * factor uniform in [1 − jitter, 1 + jitter].
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Backoff(
      @Nullable Duration initial,
      @DecimalMin("1.0") @DecimalMax("10.0") @Nullable Double multiplier,
      @Nullable Duration max,
      @DecimalMin("0.0") @DecimalMax("1.0") @Nullable Double jitter) {}

  /**
   * An exception from the budgets.
   *
   * @param exitCodes matches an ending with one of these exit codes
   * @param reasons matches an ending with one of these reasons; give exit codes or reasons, or both
   * @param action what follows
   * @param memoryFactor for {@code RETRY_WITH_MEMORY}: the next attempt's memory is this times the
   *     last one's
   * @param memoryMax for {@code RETRY_WITH_MEMORY}: a Kubernetes quantity that is not exceeded
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Rule(
      @Size(max = 50) @Nullable List<@NotNull @Min(0) @Max(255) Integer> exitCodes,
      @Size(max = 30) @Nullable List<@NotNull VerdictReason> reasons,
      @NotNull Action action,
      @DecimalMin("1.1") @DecimalMax("10.0") @Nullable Double memoryFactor,
      @Nullable String memoryMax) {}

  /** What a rule asks for. */
  public enum Action {
    /** Another attempt, within the category's budget. */
    RETRY,
    /** The end, whatever budget is left. */
    FAIL,
    /** Another attempt with more memory, within the category's budget. */
    RETRY_WITH_MEMORY
  }
}
