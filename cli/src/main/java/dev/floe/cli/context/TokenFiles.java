package dev.floe.cli.context;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the token that a context names. */
public final class TokenFiles {
  private TokenFiles() {}

  /** The first line that is not empty. */
  public static String read(Path file, String context) {
    try (var lines = Files.lines(file)) {
      return lines
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .findFirst()
          .orElseThrow(() -> new IOException("it is empty"));
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure(
              ExitCode.UNREACHABLE,
              "The token file %s of context '%s' can't be read.".formatted(file, context),
              "floe context set %s --token-file FILE".formatted(context))
          .because(e);
    }
  }
}
