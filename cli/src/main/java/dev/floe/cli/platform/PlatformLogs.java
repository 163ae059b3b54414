package dev.floe.cli.platform;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.rest.TextStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe platform logs}. */
@Command(name = "logs", description = "Print the logs of a component.")
final class PlatformLogs extends Verb {
  @Parameters(paramLabel = "COMPONENT", description = "A name out of `floe platform status`.")
  String component = "";

  @Option(
      names = "--platform",
      paramLabel = "NAME",
      description = "May be left out where there is only one.")
  @Nullable String platform;

  @Option(
      names = {"-f", "--follow"},
      description = "Continue printing.")
  boolean follow;

  @Option(
      names = "--previous",
      description = "The logs of containers before their last restart; not with --follow.")
  boolean previous;

  @Option(names = "--tail", paramLabel = "LINES", description = "Only the last lines.")
  @Nullable Integer tail;

  @Override
  protected ExitCode run(Session session) throws IOException {
    if (follow && previous) {
      throw new CommandFailure(
          ExitCode.USAGE, "What was before the last restart cannot be followed: leave out -f.");
    }
    var platforms = new Platforms(session);
    if (follow) {
      session.output().endWithReader();
    }
    try (var log =
        new WithoutHeartbeats(
            platforms.log(platforms.nameOr(platform), component, follow, previous, tail))) {
      TextStream.printAll(log, session.output(), session.deadline());
    }
    return ExitCode.DONE;
  }
}
