package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Run;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe run retry}. */
@Command(name = "retry", description = "Run again what has failed or was cancelled.")
final class RunRetry extends Verb {
  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Option(
      names = "--wait",
      description = "Wait for the end; the exit code is 1 unless the run succeeded.")
  boolean wait;

  @Override
  protected ExitCode run(Session session) {
    var runs = new Runs(session);
    var run = runs.retry(id);
    if (wait) {
      return RunWait.end(session, RunWait.await(session, runs, run.id()));
    }
    session.output().one(run, Run::id, it -> List.of(it.id() + "  " + RunWords.standing(it)));
    return ExitCode.DONE;
  }
}
