package dev.floe.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code floe help}: the same as {@code --help} of the command that is named. */
@Command(
    name = "help",
    description = "Show the help of a command, for example: floe help run submit")
final class HelpCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  @Spec
  CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Words of the command.")
  List<String> words = List.of();

  @Override
  public Integer call() {
    var line = spec.root().commandLine();
    for (var word : words) {
      var command = line.getSubcommands().get(word);
      if (command == null) {
        throw new UnmatchedArgumentException(line, List.of(word));
      }
      line = command;
    }
    line.usage(line.getOut());
    line.getOut().flush();
    return ExitCode.DONE.number();
  }
}
