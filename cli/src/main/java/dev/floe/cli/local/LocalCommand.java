package dev.floe.cli.local;

import dev.floe.cli.Noun;
import dev.floe.cli.image.ImageCommand;
import picocli.CommandLine.Command;

/** {@code floe local}. */
@Command(
    name = "local",
    description = "The three services and their database on this machine.",
    subcommands = {
      LocalUp.class,
      LocalDown.class,
      LocalStatus.class,
      LocalLogs.class,
      ImageCommand.class,
    })
public final class LocalCommand extends Noun {}
