package dev.floe.cli;

import java.util.List;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Wrong usage: what is wrong, what was perhaps meant, and which help to ask for. */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    var line = wrong.getCommandLine();
    var err = line.getErr();
    err.println("error: " + wrong.getMessage());
    suggestions(wrong).forEach(suggestion -> err.println("→ " + suggestion));
    err.println("→ " + line.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE.number();
  }

  private static List<String> suggestions(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return List.of();
    }
    var command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    return unmatched.getSuggestions().stream().limit(3).map(word -> command + " " + word).toList();
  }
}
