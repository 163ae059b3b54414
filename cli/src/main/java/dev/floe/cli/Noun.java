package dev.floe.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that only groups others. Called alone it prints its help: {@code floe} itself as its
 * result, the others as an error of usage.
 */
@Command
public abstract class Noun implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  @Spec
  CommandSpec spec;

  @Override
  public final void run() {
    var line = spec.commandLine();
    if (spec.parent() == null) {
      line.usage(line.getOut());
      line.getOut().flush();
      return;
    }
    line.usage(line.getErr());
    throw new ParameterException(
        line,
        "%s needs one of: %s"
            .formatted(spec.qualifiedName(), String.join(", ", spec.subcommands().keySet())));
  }
}
