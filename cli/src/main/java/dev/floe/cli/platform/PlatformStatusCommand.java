package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.PlatformStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe platform status}. */
@Command(
    name = "status",
    description =
        "Show how the components of a platform are; the exit code is 1 unless all are ready.")
final class PlatformStatusCommand extends Verb {
  @Parameters(
      paramLabel = "PLATFORM",
      arity = "0..1",
      description = "Its name; all platforms in brief without.")
  @Nullable String platform;

  @Override
  protected ExitCode run(Session session) {
    var platforms = new Platforms(session);
    var output = session.output();
    if (platform == null) {
      var all = platforms.list();
      if (all.size() != 1) {
        output.list(all, PlatformStatus::platform, PlatformWords::list);
        if (all.isEmpty()) {
          session.progress().say("No platforms. Deploy one: floe platform deploy -f MANIFEST");
        }
        return exitCode(all.stream().allMatch(PlatformStatus::ready));
      }
      platform = all.getFirst().platform();
    }
    var status = platforms.status(platform);
    output.one(status, PlatformStatus::platform, it -> PlatformWords.status(it, output.terminal()));
    return exitCode(status.ready());
  }

  private static ExitCode exitCode(boolean ready) {
    return ready ? ExitCode.DONE : ExitCode.FAILED;
  }
}
