package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe platform blueprint show}. */
@Command(
    name = "show",
    description = "Show a system that can be deployed, and what a manifest may say of it.")
final class BlueprintShow extends Verb {
  @Parameters(paramLabel = "SYSTEM", description = "Its name.")
  String system = "";

  @Override
  protected ExitCode run(Session session) {
    var output = session.output();
    output.one(
        new Platforms(session).blueprint(system),
        blueprint -> blueprint.summary().system(),
        blueprint -> PlatformWords.blueprint(blueprint, output.terminal()));
    return ExitCode.DONE;
  }
}
