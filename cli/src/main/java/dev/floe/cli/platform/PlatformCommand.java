package dev.floe.cli.platform;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe platform}. */
@Command(
    name = "platform",
    description = "Deploy platforms and look at them.",
    subcommands = {
      PlatformDeploy.class,
      PlatformDiffCommand.class,
      PlatformRender.class,
      PlatformList.class,
      PlatformStatusCommand.class,
      PlatformDescribe.class,
      PlatformReleases.class,
      PlatformJobs.class,
      PlatformLogs.class,
      PlatformAbort.class,
      PlatformDestroy.class,
      BlueprintCommand.class,
    })
public final class PlatformCommand extends Noun {}
