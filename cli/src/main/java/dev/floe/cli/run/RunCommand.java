package dev.floe.cli.run;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe run}. */
@Command(
    name = "run",
    description = "Submit, follow and explain runs.",
    subcommands = {
      RunSubmit.class,
      RunList.class,
      RunGet.class,
      RunWait.class,
      RunLogs.class,
      RunEvents.class,
      RunExplain.class,
      RunCancel.class,
      RunRetry.class,
    })
public final class RunCommand extends Noun {}
