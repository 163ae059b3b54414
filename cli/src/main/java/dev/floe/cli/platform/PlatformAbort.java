package dev.floe.cli.platform;

import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.Release;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe platform abort}. */
@Command(
    name = "abort",
    description = "End a release under way at its next step; what it has applied stays.")
final class PlatformAbort extends Verb implements Destructive {
  @Parameters(
      paramLabel = "PLATFORM",
      arity = "0..1",
      description = "Its name; may be left out where there is one.")
  @Nullable String platform;

  @Option(
      names = "--release",
      paramLabel = "NUMBER",
      description = "The release; the newest without it.")
  @Nullable Integer number;

  @Override
  protected ExitCode run(Session session) {
    var platforms = new Platforms(session);
    var name = platforms.nameOr(platform);
    var release = platforms.abort(name, number == null ? platforms.status(name).release() : number);
    var ended = new Rollout(session, platforms).follow(release, "had been deployed by then");
    session.output().one(ended, it -> it.platform() + "/" + it.number(), PlatformAbort::words);
    return ExitCode.DONE;
  }

  private static List<String> words(Release release) {
    return List.of(
        "%s release %d %s".formatted(release.platform(), release.number(), release.state()));
  }
}
