package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.local.command.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Builds the services out of the source tree, where what is built is older than its sources. */
public final class Build {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final int LAST_LINES = 25;

  private final Session session;

  public Build(Session session) {
    this.session = session;
  }

  /** Has the three services built; {@code ./floe} knows how, and whether it is needed. */
  public void services(Path checkout) throws IOException {
    var script = checkout.resolve("floe");
    if ("never".equals(session.environment().get("FLOE_BUILD"))
        || !Files.isExecutable(script)
        || !ask(script, "--services-stale")) {
      return;
    }
    var step = session.progress().step("building the services (a few minutes the first time)");
    var answer = Command.of(List.of(script.toString(), "--build-services")).run(LIMIT);
    if (answer.exitCode() != 0) {
      step.failed("building the services");
      throw new CommandFailure(
          ExitCode.FAILED,
          "The services can't be built.",
          answer.lastLines(LAST_LINES).lines().toList(),
          List.of("./mvnw -Dfast -DskipTests package"));
    }
    step.done("services built");
  }

  private static boolean ask(Path script, String question) throws IOException {
    return Command.of(List.of(script.toString(), question)).run(Duration.ofMinutes(1)).exitCode()
        == 0;
  }
}
