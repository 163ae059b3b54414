package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe platform releases}. */
@Command(name = "releases", description = "List the releases of a platform, newest first.")
final class PlatformReleases extends Verb {
  @Parameters(
      paramLabel = "PLATFORM",
      arity = "0..1",
      description = "Its name; may be left out where there is only one.")
  @Nullable String platform;

  @Option(names = "--limit", paramLabel = "N", description = "How many at most; 20 unless told.")
  int limit = 20;

  @Override
  protected ExitCode run(Session session) {
    if (limit < 1) {
      throw usage("--limit is at least 1.");
    }
    var platforms = new Platforms(session);
    session
        .output()
        .list(
            platforms.releases(platforms.nameOr(platform), limit),
            release -> release.platform() + "/" + release.number(),
            PlatformWords::releases);
    return ExitCode.DONE;
  }
}
