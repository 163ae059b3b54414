package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunState;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe run list}. */
@Command(name = "list", description = "List runs, newest first.")
final class RunList extends Verb {
  private static final int MAX = 500;

  @Option(names = "--platform", paramLabel = "NAME", description = "Only this platform's.")
  @Nullable String platform;

  @Option(names = "--domain", paramLabel = "NAME", description = "Only this domain's.")
  @Nullable String domain;

  @Option(names = "--product", paramLabel = "NAME", description = "Only this data product's.")
  @Nullable String product;

  @Option(names = "--pipeline", paramLabel = "NAME", description = "Only this pipeline's.")
  @Nullable String pipeline;

  @Option(names = "--state", paramLabel = "STATE", description = "Only those in this state.")
  @Nullable RunState state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many at most; 20 unless told, 500 at most.")
  int limit = 20;

  @Override
  protected ExitCode run(Session session) {
    if (limit < 1 || limit > MAX) {
      throw usage("--limit is a number from 1 to " + MAX + ".");
    }
    var filter =
        new Runs.Filter(platform, domain, product, pipeline, state == null ? null : state.name());
    var runs = new Runs(session).list(filter, limit);
    session.output().list(runs, Run::id, all -> RunWords.table(all, Clock.systemUTC()));
    if (runs.isEmpty()) {
      session.progress().say("No runs.");
    }
    return ExitCode.DONE;
  }
}
