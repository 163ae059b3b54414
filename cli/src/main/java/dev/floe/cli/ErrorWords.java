package dev.floe.cli;

import dev.floe.cli.output.OutputLost;
import dev.floe.cli.output.Terminal;
import dev.floe.local.LocalException;
import dev.floe.local.home.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Tells an error: the cause, then the next command to type. */
final class ErrorWords {
  private final PrintWriter err;
  private final Terminal terminal;
  private final boolean verbose;
  private final Supplier<Path> home;

  /**
   * @param home the folder of this machine, where everything is written
   */
  ErrorWords(PrintWriter err, Terminal terminal, boolean verbose, Supplier<Path> home) {
    this.err = err;
    this.terminal = terminal;
    this.verbose = verbose;
    this.home = home;
  }

  /** Prints it; of a reader of the output who has gone there is nothing to say, and to nobody. */
  ExitCode tell(Throwable thrown) {
    if (thrown instanceof OutputLost lost && lost.isReaderGone()) {
      return ExitCode.READER_GONE;
    }
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
      case OutputLost lost ->
          new CommandFailure(ExitCode.FAILED, String.valueOf(lost.getMessage()));
      case UncheckedIOException unchecked -> failure(Objects.requireNonNull(unchecked.getCause()));
      case InvalidPathException path ->
          new CommandFailure(
                  ExitCode.FAILED,
                  "This locale can't express the name of a file, %s: its character set is %s."
                      .formatted(path.getInput(), System.getProperty("sun.jnu.encoding")),
                  "set LC_ALL=C.UTF-8, or another locale with UTF-8")
              .because(path);
      case IOException io ->
          new CommandFailure(
                  ExitCode.FAILED,
                  capital(Failures.words(io)) + ".",
                  List.of(),
                  List.of(
                      Failures.action(
                          io, home.get(), "run it again with -v to see where this came from")))
              .because(io);
      default ->
          new CommandFailure(
                  ExitCode.FAILED,
                  "Internal error, a fault of this command: " + thrown,
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
