package dev.floe.cli.run;

import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Run;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run cancel}. */
@Command(name = "cancel", description = "Stop a run; asking again changes nothing.")
final class RunCancel extends Verb implements Destructive {
  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  protected ExitCode run(Session session) {
    var run = new Runs(session).cancel(id);
    session.output().one(run, Run::id, it -> List.of(it.id() + "  " + RunWords.standing(it)));
    return ExitCode.DONE;
  }
}
