package dev.floe.cli.demo;

import dev.floe.cli.Session;
import dev.floe.cli.output.Output;
import dev.floe.cli.output.OutputFormat;
import dev.floe.cli.output.Table;
import dev.floe.cli.run.RunWords;
import dev.floe.cli.run.Runs;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunState;
import dev.floe.local.home.Endpoints;
import java.util.List;

/** What the demo tells at its end. */
final class DemoStory {
  private final Session session;
  private final Output output;
  private final Endpoints endpoints;
  private final String dagsterUrl;
  private final Runs runs;

  DemoStory(Session session, Endpoints endpoints, String dagsterUrl) {
    this.session = session;
    this.output = session.output();
    this.endpoints = endpoints;
    this.dagsterUrl = dagsterUrl;
    this.runs = new Runs(session);
  }

  /** Runs, attempts and verdicts; for programs the runs alone. */
  void runs(PipelineRun.Outcome outcome) {
    if (output.format() != OutputFormat.TABLE) {
      output.list(outcome.runs(), Run::id, this::table);
      return;
    }
    heading("Runs of " + outcome.dagsterRun());
    table(outcome.runs()).lines(output.terminal()).forEach(output::line);
  }

  /** Some rows that the pipeline made. */
  void mart(Mart.Rows rows) {
    if (output.format() == OutputFormat.TABLE) {
      heading("Newest months of the mart weather.monthly_climate");
      rows.table().lines(output.terminal()).forEach(output::line);
    }
  }

  /** Why it failed: what {@code floe run explain} says of the run that did. */
  void explanation(PipelineRun.Outcome outcome) {
    var failed = outcome.runs().stream().filter(run -> run.state() == RunState.FAILED).findFirst();
    if (failed.isEmpty() || output.format() != OutputFormat.TABLE) {
      session.progress().say("→ floe platform logs dagster");
      return;
    }
    heading("floe run explain " + failed.get().id());
    RunWords.explanation(runs.explain(failed.get().id()), output.terminal()).forEach(output::line);
  }

  void whereToGo(boolean broken) {
    if (output.format() != OutputFormat.TABLE) {
      output.flush();
      return;
    }
    heading("Where to go next");
    List.of(
            "Dagster             " + dagsterUrl,
            "platform-manager    " + endpoints.platformManager(),
            "job-launcher        " + endpoints.jobLauncher(),
            "telemetry-gateway   " + endpoints.telemetryGateway(),
            "",
            "./floe run list                        every run, ./floe run logs ID for its log",
            "./floe platform status weather         how the platform is",
            broken
                ? "./floe demo                            the pipeline that is green"
                : "./floe demo --break                    the same with a quality check that fails",
            "./floe local down                      stop everything; data stays")
        .forEach(output::line);
    output.flush();
  }

  private Table table(List<Run> all) {
    var table = new Table("step", "run", "state", "attempt", "took", "verdict");
    for (var run : all) {
      for (var attempt : runs.attempts(run.id())) {
        table.row(
            PipelineRun.stepName(run),
            run.id(),
            attempt.state(),
            attempt.number(),
            RunWords.took(attempt),
            RunWords.verdict(attempt.verdict()));
      }
    }
    return table;
  }

  private void heading(String text) {
    output.line("");
    output.line(output.terminal().bold(text));
  }
}
