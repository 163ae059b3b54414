package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.BlueprintSummary;
import picocli.CommandLine.Command;

/** {@code floe platform blueprint list}. */
@Command(name = "list", description = "List the systems that can be deployed.")
final class BlueprintList extends Verb {
  @Override
  protected ExitCode run(Session session) {
    session
        .output()
        .list(
            new Platforms(session).blueprints(),
            BlueprintSummary::system,
            PlatformWords::blueprints);
    return ExitCode.DONE;
  }
}
