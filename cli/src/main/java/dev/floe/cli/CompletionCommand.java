package dev.floe.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe completion}: a script for the shell to complete commands and options. */
@Command(
    name = "completion",
    description = "Print a completion script, for example: source <(floe completion bash)")
final class CompletionCommand extends Verb {
  /** The shells that can be served. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell = Shell.bash;

  @Override
  protected ExitCode run(Session session) {
    var root = spec.root().commandLine();
    session
        .output()
        .line(
            switch (shell) {
              case bash, zsh -> AutoComplete.bash("floe", root);
              case fish -> String.join("\n", fish(root));
            });
    return ExitCode.DONE;
  }

  private static List<String> fish(CommandLine root) {
    var lines = new ArrayList<String>();
    lines.add("complete -c floe -f");
    fish(root, List.of(), lines);
    return lines;
  }

  private static void fish(CommandLine command, List<String> path, List<String> lines) {
    var seen =
        path.stream()
            .map("__fish_seen_subcommand_from %s"::formatted)
            .reduce((left, right) -> left + "; and " + right)
            .orElse("true");
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          lines.add(
              "complete -c floe -n '%s; and not __fish_seen_subcommand_from %s' -a %s -d '%s'"
                  .formatted(
                      seen, String.join(" ", command.getSubcommands().keySet()), name, text(sub)));
          var deeper = new ArrayList<>(path);
          deeper.add(name);
          fish(sub, deeper, lines);
        });
    for (var option : command.getCommandSpec().options()) {
      for (var name : option.names()) {
        var flag = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
        lines.add("complete -c floe -n '%s' %s".formatted(seen, flag));
      }
    }
  }

  private static String text(CommandLine command) {
    var words = command.getCommandSpec().usageMessage().description();
    return words.length == 0 ? "" : words[0].replace("'", "\\'");
  }
}
