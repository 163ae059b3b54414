package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Explanation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run explain}. */
@Command(name = "explain", description = "Say why a run is where it is, and what to do next.")
final class RunExplain extends Verb {
  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  protected ExitCode run(Session session) {
    var output = session.output();
    output.one(
        new Runs(session).explain(id),
        Explanation::runId,
        explanation -> RunWords.explanation(explanation, output.terminal()));
    return ExitCode.DONE;
  }
}
