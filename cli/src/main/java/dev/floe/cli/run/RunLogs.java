package dev.floe.cli.run;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.DurationConverter;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Progress;
import dev.floe.cli.rest.TextStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe run logs}. */
@Command(
    name = "logs",
    description = "Print the log of a run's last attempt; with -f of all that follow it, too.")
final class RunLogs extends Verb {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Option(
      names = {"-f", "--follow"},
      description =
          "Continue printing until the run has ended; with --attempt, until that one has.")
  boolean follow;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Number of the attempt (default: the last one).")
  @Nullable Integer attempt;

  @Option(names = "--tail", paramLabel = "LINES", description = "Only the last lines.")
  @Nullable Integer tail;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Only what was written since, for example 5m.")
  @Nullable Duration since;

  @Override
  protected ExitCode run(Session session) throws IOException {
    var runs = new Runs(session);
    var from = since == null ? null : Instant.now().minus(since);
    if (!follow) {
      print(session, runs, attempt == null ? lastAttempt(session, runs) : attempt, from);
      return ExitCode.DONE;
    }
    try (var _ = session.goesOn("Run " + id + " continues.", "floe run logs -f " + id)) {
      session.output().endWithReader();
      var number = attempt == null ? lastAttempt(session, runs) : attempt;
      var lineOpen = print(session, runs, number, from);
      if (attempt == null) {
        followingAttempts(session, runs, number, lineOpen);
      }
    }
    return ExitCode.DONE;
  }

  private boolean print(Session session, Runs runs, int number, @Nullable Instant from)
      throws IOException {
    return new AttemptLog(session, runs, id, number).print(follow, tail, from);
  }

  /**
   * Prints what comes after an attempt that has ended, until the run has.
   *
   * @param within whether its log ended within a line: the next one begins a new line
   */
  private void followingAttempts(Session session, Runs runs, int ended, boolean within)
      throws IOException {
    var lineOpen = within;
    var until = session.deadline();
    var number = ended;
    Progress.Step step = null;
    while (true) {
      var run = runs.get(id);
      if (lineOpen && (run.attempt() > number || !run.state().terminal())) {
        session.output().line("");
        session.output().flush();
        lineOpen = false;
      }
      if (run.attempt() > number) {
        number++;
        if (step != null) {
          step.done("attempt %d of run %s".formatted(number, id));
          step = null;
        }
        lineOpen = new AttemptLog(session, runs, id, number).print(true, null, null);
        continue;
      }
      var standing = "run %s is %s".formatted(id, RunWords.standing(run));
      if (run.state().terminal()) {
        if (step != null) {
          step.done(standing);
        }
        return;
      }
      if (step == null) {
        step = session.progress().step(standing);
      }
      step.now(standing);
      TextStream.pause(BETWEEN, until);
    }
  }

  private int lastAttempt(Session session, Runs runs) {
    var run = runs.get(id);
    if (run.attempt() == 0 && follow && !run.state().terminal()) {
      var step = session.progress().step("run " + id + " is " + RunWords.standing(run));
      var until = session.deadline();
      while (run.attempt() == 0 && !run.state().terminal()) {
        TextStream.pause(BETWEEN, until);
        run = runs.get(id);
        step.now("run " + id + " is " + RunWords.standing(run));
      }
      step.done("run " + id + " is " + RunWords.standing(run));
    }
    if (run.attempt() == 0) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "Run %s has had no attempt: it is %s.".formatted(id, RunWords.standing(run)),
          "floe run explain " + id);
    }
    return run.attempt();
  }
}
