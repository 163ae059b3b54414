package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Run;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run get}. */
@Command(name = "get", description = "Show a run and its attempts.")
final class RunGet extends Verb {
  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  protected ExitCode run(Session session) {
    var runs = new Runs(session);
    var output = session.output();
    output.one(
        runs.get(id),
        Run::id,
        run -> RunWords.run(run, runs.attempts(id), output.terminal(), Clock.systemUTC()));
    return ExitCode.DONE;
  }
}
