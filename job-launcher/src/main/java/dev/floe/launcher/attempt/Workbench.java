package dev.floe.launcher.attempt;

import dev.floe.contract.run.Verdict;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.trace.FinishedSpans;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;

/**
 * What the followers of one replica share.
 *
 * @param over called when an attempt has ended: there is room for another
 */
record Workbench(
    AttemptJournal journal,
    JobRuntime runtime,
    LogSource logs,
    AttemptConfig config,
    RunConfig runConfig,
    FinishedSpans spans,
    MeterRegistry meters,
    FailureWarnings warnings,
    NamespaceCheck namespaces,
    Runnable over) {

  /** How long failures of an attempt's steps are borne. */
  FailureDecider.Limits limits() {
    return new FailureDecider.Limits(config.rightsTimeout(), config.launchTimeout());
  }

  /** Longest time of this attempt. */
  Duration timeout(Situation now) {
    return Objects.requireNonNullElse(now.run().run().request().timeout(), runConfig.timeout());
  }

  /** After an end was recorded: exports what has finished. */
  void ended(AttemptJournal.Recorded recorded, Verdict verdict) {
    over.run();
    meters
        .counter(
            "floe.launcher.attempts.ended",
            "category",
            verdict.category().name(),
            "reason",
            verdict.reason().value())
        .increment();
    var attempt = recorded.attempt().attempt();
    var run = recorded.run();
    spans.attempt(recorded.before().trace(), run.request(), attempt);
    spans.run(recorded.before().run().span(), run);
  }
}
