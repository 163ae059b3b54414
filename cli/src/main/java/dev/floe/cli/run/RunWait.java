package dev.floe.cli.run;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunState;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run wait}. */
@Command(
    name = "wait",
    description = "Wait for the end of a run; the exit code is 1 unless it succeeded.")
final class RunWait extends Verb {
  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  protected ExitCode run(Session session) {
    return end(session, await(session, new Runs(session), id));
  }

  /**
   * Prints where a run ended.
   *
   * @throws CommandFailure with its verdict, and how to learn more, unless it succeeded
   */
  static ExitCode end(Session session, Run run) {
    session.output().one(run, Run::id, it -> List.of(it.id() + "  " + it.state()));
    if (run.state() != RunState.SUCCEEDED) {
      throw new CommandFailure(
          ExitCode.FAILED, RunWords.failure(run), "floe run explain " + run.id());
    }
    return ExitCode.DONE;
  }

  /** Waits and shows meanwhile where the run stands. */
  static Run await(Session session, Runs runs, String id) {
    var step = session.progress().step("waiting for run " + id);
    try (var _ = session.goesOn("Run " + id + " continues.", "floe run wait " + id)) {
      var run =
          runs.await(
              id,
              session.deadline(),
              now -> step.now("run " + id + " is " + RunWords.standing(now)));
      var words = "run " + id + " " + run.state();
      if (run.state() == RunState.SUCCEEDED) {
        step.done(words);
      } else {
        step.failed(words);
      }
      return run;
    } catch (RuntimeException e) {
      step.failed("run " + id);
      throw e;
    }
  }
}
