package dev.floe.cli.run;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run events}. */
@Command(
    name = "events",
    description = "Print what happens to a run until it ends, or to all runs.")
final class RunEvents extends Verb {
  @Parameters(paramLabel = "ID", arity = "0..1", description = "The run's id; all runs without.")
  @Nullable String id;

  @Override
  protected ExitCode run(Session session) {
    var runs = new Runs(session);
    if (id != null) {
      runs.get(id);
    }
    var ended =
        runs.events(id)
            .follow(
                event -> {
                  session
                      .output()
                      .event(event, it -> it.runId() + "/" + it.sequence(), RunWords::event);
                  return id == null || !event.state().terminal();
                },
                session.deadline());
    if (!ended) {
      throw new CommandFailure(ExitCode.TIMEOUT, "The time to wait is over.", next());
    }
    return ExitCode.DONE;
  }

  private String next() {
    return id == null ? "floe run events" : "floe run events " + id;
  }
}
