package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.EventReason;
import dev.floe.contract.run.RunEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe run events}. */
@Command(
    name = "events",
    description =
        "Print what happens to a run until it ends; without ID what happens to all runs, without end.")
final class RunEvents extends Verb {
  /** Events after which a run has ended, unless somebody had it retried. */
  private static final Set<String> ENDINGS =
      Set.of(
          EventReason.RUN_SUCCEEDED.value(),
          EventReason.RUN_FAILED.value(),
          EventReason.RUN_CANCELLED.value());

  @Parameters(paramLabel = "ID", arity = "0..1", description = "The run's id (default: all runs).")
  @Nullable String id;

  @Override
  protected ExitCode run(Session session) {
    var runs = new Runs(session);
    if (id == null) {
      session.output().endWithReader();
      follow(session, runs, null);
      return ExitCode.DONE;
    }
    runs.get(id);
    try (var _ = session.goesOn("Run " + id + " continues.", "floe run events " + id)) {
      session.output().endWithReader();
      follow(session, runs, id);
    }
    return ExitCode.DONE;
  }

  private static void follow(Session session, Runs runs, @Nullable String id) {
    var ended =
        runs.events(id)
            .follow(
                event -> {
                  session
                      .output()
                      .event(event, it -> it.runId() + "/" + it.sequence(), RunWords::event);
                  return id == null || !isLast(runs, event);
                },
                () -> id != null && runs.get(id).state().terminal(),
                session.deadline());
    if (!ended) {
      throw id == null
          ? session.timedOut("the end of events", "floe run events")
          : session.timedOut("the end of run " + id, "floe run events " + id);
    }
  }

  /** Whether the run ended with this event, and was not retried since. */
  private static boolean isLast(Runs runs, RunEvent event) {
    if (!ENDINGS.contains(event.type())) {
      return false;
    }
    var run = runs.get(event.runId());
    return run.state() == event.state() && run.attempt() == event.attempt();
  }
}
