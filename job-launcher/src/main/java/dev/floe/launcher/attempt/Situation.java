package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.trace.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An attempt and its run as they stood at one moment. */
record Situation(RunRow run, AttemptRow attempt) {

  /** Since the attempt was released, or claimed where it was not, by the database's clock. */
  Duration waited() {
    var from = Objects.requireNonNullElse(attempt.releasedAt(), attempt.attempt().createdAt());
    return Duration.between(from, run.now());
  }

  /** Since the attempt's end was decided or asked for; zero where neither was done. */
  Duration ending() {
    if (attempt.decided() == null && run.stopReason() == null) {
      return Duration.ZERO;
    }
    var from = Objects.requireNonNullElse(attempt.decidedAt(), run.run().updatedAt());
    return Duration.between(from, run.now());
  }

  boolean launchTimedOut() {
    return run.now().isAfter(attempt.launchDeadlineAt());
  }

  /**
   * How far it has come and since when it fails, as this row has it.
   *
   * @param decided the verdict with which it is being ended, if it is
   */
  FailureDecider.State failing(@Nullable Verdict decided) {
    return new FailureDecider.State(
        stage(decided),
        decided,
        launchTimedOut(),
        lasting(attempt.failingSince(), decided),
        lasting(attempt.failingAlikeSince(), decided));
  }

  private Duration lasting(@Nullable Instant since, @Nullable Verdict decided) {
    var lasting = since == null ? Duration.ZERO : Duration.between(since, run.now());
    // An outage that was there before the end was decided or asked for does not shorten the tries.
    return decided != null && ending().compareTo(lasting) < 0 ? ending() : lasting;
  }

  private FailureDecider.Stage stage(@Nullable Verdict decided) {
    if (decided != null) {
      return FailureDecider.Stage.ENDING;
    }
    return switch (attempt.attempt().state()) {
      case LAUNCHING, PENDING ->
          attempt.uid() == null ? FailureDecider.Stage.NOT_CREATED : FailureDecider.Stage.STARTING;
      default -> FailureDecider.Stage.RUNNING;
    };
  }

  TraceContext trace() {
    var trace = run.trace();
    return new TraceContext(trace.traceId(), attempt.spanId(), trace.spanId(), trace.sampled());
  }

  AttemptSpec spec(Duration timeout) {
    var request = run.run().request();
    return new AttemptSpec(
        attempt.ref(),
        attempt.key().epoch(),
        request,
        AttemptEnvironment.of(this),
        attempt.attempt().memory(),
        timeout,
        trace().traceparent());
  }
}
