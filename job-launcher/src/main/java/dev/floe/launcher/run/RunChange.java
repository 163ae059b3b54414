package dev.floe.launcher.run;

import dev.floe.contract.EventReason;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.trace.RunSpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of one run, made under the lock of its row together with the events that tell of it. */
public final class RunChange {
  /** Something to tell of. */
  record Telling(EventReason reason, @Nullable Verdict verdict, String message) {}

  final RunState state;
  final List<Telling> tellings = new ArrayList<>();
  @Nullable String waitingFor;
  @Nullable Instant dueAt;
  @Nullable Instant nextAttemptAt;
  @Nullable Instant startedAt;
  @Nullable Instant deadlineAt;
  @Nullable Integer attempt;
  @Nullable Integer budgetFrom;
  @Nullable VerdictReason stopReason;
  @Nullable Verdict verdict;
  boolean verdictSet;
  @Nullable String memory;
  boolean memorySet;
  @Nullable RunSpan span;

  private RunChange(RunState state) {
    this.state = state;
  }

  /** Begins a change into a state; what is not said otherwise stays, but waiting ends. */
  public static RunChange to(RunState state) {
    return new RunChange(state);
  }

  /** The run waits, for a reason, and is looked at when due. */
  public RunChange waiting(String reason, Instant due) {
    waitingFor = reason;
    dueAt = due;
    return this;
  }

  /** The runtime keeps the present attempt from starting, for a reason. */
  public RunChange heldBy(String reason) {
    waitingFor = reason;
    return this;
  }

  public RunChange attempt(int number) {
    attempt = number;
    return this;
  }

  public RunChange budgetFrom(int number) {
    budgetFrom = number;
    return this;
  }

  public RunChange startedAt(Instant time) {
    startedAt = time;
    return this;
  }

  public RunChange nextAttemptAt(Instant time) {
    nextAttemptAt = time;
    return this;
  }

  public RunChange deadlineAt(Instant time) {
    deadlineAt = time;
    return this;
  }

  public RunChange stop(VerdictReason reason) {
    stopReason = reason;
    return this;
  }

  public RunChange verdict(@Nullable Verdict newVerdict) {
    verdict = newVerdict;
    verdictSet = true;
    return this;
  }

  public RunChange memory(@Nullable String quantity) {
    memory = quantity;
    memorySet = true;
    return this;
  }

  /** From here on the run's span is this one. */
  public RunChange span(RunSpan newSpan) {
    span = newSpan;
    return this;
  }

  public RunChange tell(EventReason reason, String message) {
    return tell(reason, null, message);
  }

  public RunChange tell(EventReason reason, @Nullable Verdict told, String message) {
    tellings.add(new Telling(reason, told, message));
    return this;
  }
}
