package dev.floe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints what is wrong with a command line, what was perhaps meant, and which help to ask for.
 *
 * <p>Suggested are commands and options within a small edit distance ({@link NearestWords}), never
 * a {@link Destructive} command.
 */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    var line = wrong.getCommandLine();
    var err = line.getErr();
    err.println("error: " + message(wrong));
    suggestions(wrong).forEach(suggestion -> err.println("→ " + suggestion));
    err.println("→ " + line.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE.number();
  }

  private static String message(ParameterException wrong) {
    var line = wrong.getCommandLine();
    if (isUnknownCommand(wrong)) {
      return "'%s' is not a command of %s, which has: %s."
          .formatted(
              unmatched(wrong),
              line.getCommandSpec().qualifiedName(),
              String.join(", ", line.getSubcommands().keySet()));
    }
    return String.valueOf(wrong.getMessage());
  }

  private static List<String> suggestions(ParameterException wrong) {
    var word = unmatched(wrong);
    if (word.isEmpty()) {
      return List.of();
    }
    var line = wrong.getCommandLine();
    var name = line.getCommandSpec().qualifiedName();
    if (word.startsWith("-")) {
      return NearestWords.of(word, optionNames(line)).stream()
          .map(option -> name + " " + option)
          .toList();
    }
    if (!isUnknownCommand(wrong)) {
      return List.of();
    }
    return word.equals("help")
        ? List.of(name.replaceFirst(" ", " help "))
        : NearestWords.of(word, harmless(line)).stream()
            .map(command -> name + " " + command)
            .toList();
  }

  private static boolean isUnknownCommand(ParameterException wrong) {
    return !unmatched(wrong).isEmpty()
        && !unmatched(wrong).startsWith("-")
        && !wrong.getCommandLine().getSubcommands().isEmpty();
  }

  /** The first word that nothing takes; empty where the error is another. */
  private static String unmatched(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unmatched
            && !unmatched.getUnmatched().isEmpty()
        ? unmatched.getUnmatched().getFirst()
        : "";
  }

  private static List<String> harmless(CommandLine line) {
    var names = new ArrayList<String>();
    line.getSubcommands()
        .forEach((name, command) -> {
          if (!(command.getCommandSpec().userObject() instanceof Destructive)) {
            names.add(name);
          }
        });
    return names;
  }

  private static List<String> optionNames(CommandLine line) {
    return line.getCommandSpec().options().stream()
        .map(OptionSpec::names)
        .flatMap(Stream::of)
        .filter(name -> name.startsWith("--"))
        .toList();
  }
}
