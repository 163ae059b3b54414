package dev.floe.cli.platform;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe platform blueprint}. */
@Command(
    name = "blueprint",
    description = "Look at the systems that can be deployed, and check blueprints of your own.",
    subcommands = {
      BlueprintList.class,
      BlueprintShow.class,
      BlueprintValidate.class,
    })
final class BlueprintCommand extends Noun {}
