package dev.floe.launcher.run;

import dev.floe.contract.run.Run;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.trace.RunSpan;
import dev.floe.launcher.trace.TraceContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run with what only job-launcher needs of it.
 *
 * @param budgetFrom number of the first attempt that spends the present budgets
 * @param memory of the next attempt, as a quantity; null: what was asked for
 * @param stopReason why the present attempt is being ended; null: it is not
 * @param claim fences whoever looked at the run while it waited
 * @param holds times it was looked at and left waiting
 * @param now the database's time when it was read
 */
public record RunRow(
    Run run,
    int budgetFrom,
    @Nullable String memory,
    @Nullable VerdictReason stopReason,
    RunSpan span,
    Instant deadlineAt,
    long claim,
    int holds,
    Instant now) {
  public String id() {
    return run.id();
  }

  public TraceContext trace() {
    return span.context();
  }
}
