package dev.floe.launcher.attempt;

import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.trace.TraceContext;
import java.time.Duration;

/** An attempt and its run as they stood at one moment. */
record Situation(RunRow run, AttemptRow attempt) {

  /** Since the attempt was claimed, by the database's clock. */
  Duration waited() {
    return Duration.between(attempt.attempt().createdAt(), run.now());
  }

  boolean launchTimedOut() {
    return run.now().isAfter(attempt.launchDeadlineAt());
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
