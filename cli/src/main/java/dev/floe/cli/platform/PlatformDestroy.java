package dev.floe.cli.platform;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe platform destroy}. */
@Command(name = "destroy", description = "Remove the services of a platform; its data stays.")
final class PlatformDestroy extends Verb implements Destructive {
  @Parameters(paramLabel = "PLATFORM", description = "Its name.")
  String platform = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without being asked.")
  boolean yes;

  @Override
  protected ExitCode run(Session session) {
    if (!yes) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "This stops every service of platform %s; its data stays.".formatted(platform),
          "floe platform destroy %s --yes".formatted(platform));
    }
    var platforms = new Platforms(session);
    var begun = platforms.destroy(platform);
    if (begun.isPresent()) {
      Rollout.check(
          new Rollout(session, platforms).follow(begun.get(), "has taken the components away"));
    }
    session.progress().say("Platform " + platform + " is removed; its data stays.");
    return ExitCode.DONE;
  }
}
