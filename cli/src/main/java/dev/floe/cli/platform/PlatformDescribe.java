package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe platform describe}. */
@Command(
    name = "describe",
    description =
        "Show everything about a platform: components, domains, what was applied, warnings.")
final class PlatformDescribe extends Verb {
  @Parameters(
      paramLabel = "PLATFORM",
      arity = "0..1",
      description = "Its name; may be left out where there is one.")
  @Nullable String platform;

  @Override
  protected ExitCode run(Session session) {
    var platforms = new Platforms(session);
    var output = session.output();
    output.one(
        platforms.details(platforms.nameOr(platform)),
        details -> details.status().platform(),
        details -> PlatformWords.details(details, output.terminal()));
    return ExitCode.DONE;
  }
}
