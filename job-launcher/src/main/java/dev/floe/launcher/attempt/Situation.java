package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.trace.TraceContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt and its run as they stood at one moment. */
record Situation(RunRow run, AttemptRow attempt) {

  /** Since the attempt was claimed, by the database's clock. */
  Duration waited() {
    return Duration.between(attempt.attempt().createdAt(), run.now());
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
    var since = attempt.failingSince();
    var lasting = since == null ? Duration.ZERO : Duration.between(since, run.now());
    if (run.stopReason() != null) {
      // An outage that was there before somebody asked for the end does not shorten the tries.
      var asked = Duration.between(run.run().updatedAt(), run.now());
      lasting = asked.compareTo(lasting) < 0 ? asked : lasting;
    }
    return new FailureDecider.State(stage(decided), decided, launchTimedOut(), lasting);
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
