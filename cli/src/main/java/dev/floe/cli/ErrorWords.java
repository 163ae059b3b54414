package dev.floe.cli;

import dev.floe.cli.output.Terminal;
import dev.floe.local.LocalException;
import dev.floe.local.home.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Tells an error: the cause, then the next command to type. */
final class ErrorWords {
  private final PrintWriter err;
  private final Terminal terminal;
  private final boolean verbose;
  private final Path home;

  /**
   * @param home the folder of this machine, where everything is written
   */
  ErrorWords(PrintWriter err, Terminal terminal, boolean verbose, Path home) {
    this.err = err;
    this.terminal = terminal;
    this.verbose = verbose;
    this.home = home;
  }

  ExitCode tell(Throwable thrown) {
    var failure = failure(thrown);
    err.println(terminal.bad("error: ") + failure.getMessage());
    failure.details().forEach(line -> err.println("  " + line));
    failure.next().forEach(line -> err.println("→ " + line));
    if (verbose) {
      var cause = failure.getCause();
      if (cause != null) {
        cause.printStackTrace(err);
      }
    }
    err.flush();
    return failure.exitCode();
  }

  private CommandFailure failure(Throwable thrown) {
    return switch (thrown) {
      case CommandFailure failure -> failure;
      case LocalException local ->
          new CommandFailure(ExitCode.FAILED, words(local), List.of(), List.of(local.action()))
              .because(local);
      case IOException io ->
          new CommandFailure(
                  ExitCode.FAILED,
                  capital(Failures.words(io)) + ".",
                  List.of(),
                  List.of(
                      Failures.action(
                          io, home, "run it again with -v to see where this came from")))
              .because(io);
      default ->
          new CommandFailure(
                  ExitCode.FAILED,
                  "a fault of this command: " + thrown,
                  List.of(),
                  List.of("run it again with -v and report what it prints"))
              .because(thrown);
    };
  }

  private static String capital(String words) {
    return words.startsWith("the ") ? "T" + words.substring(1) : words;
  }

  private static String words(LocalException local) {
    var message = String.valueOf(local.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }
}
