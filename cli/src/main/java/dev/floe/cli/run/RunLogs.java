package dev.floe.cli.run;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.DurationConverter;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.rest.TextStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe run logs}. */
@Command(name = "logs", description = "Print the log of an attempt.")
final class RunLogs extends Verb {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing until the attempt has ended.")
  boolean follow;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Which attempt; the last one unless told.")
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
    var number = attempt == null ? lastAttempt(session, runs) : attempt;
    var from = since == null ? null : Instant.now().minus(since);
    new AttemptLog(session, runs, id, number).print(follow, tail, from);
    return ExitCode.DONE;
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
