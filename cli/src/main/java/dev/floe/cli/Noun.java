package dev.floe.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others. */
public abstract class Noun implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(),
        "%s needs one of: %s"
            .formatted(spec.qualifiedName(), String.join(", ", spec.subcommands().keySet())));
  }
}
