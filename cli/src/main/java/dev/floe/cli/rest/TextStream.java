package dev.floe.cli.rest;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A log that is printed as it comes, byte for byte, also the line that has not ended yet. */
public final class TextStream {
  private static final int PART = 1 << 16;

  private TextStream() {}

  /**
   * How far a stream was printed.
   *
   * @param bytes how many were printed
   * @param lineOpen whether what was printed ends within a line; {@code null}: nothing was printed
   * @param broke whether the connection broke, or was silent too long, before the stream's end
   */
  public record Printed(long bytes, @Nullable Boolean lineOpen, boolean broke) {}

  /**
   * Prints until the stream ends or breaks.
   *
   * @param until when to stop at the latest; {@code null}: never
   * @param silence the longest time without a byte, after which the connection is given up; {@code
   *     null}: any
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static Printed print(
      InputStream in, Output output, @Nullable Instant until, @Nullable Duration silence) {
    try (var watched = new WatchedStream(in, until, silence)) {
      var printed = print(watched, output);
      if (watched.isTimedOut()) {
        throw timedOut();
      }
      return watched.isSilent() ? new Printed(printed.bytes(), printed.lineOpen(), true) : printed;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The log's connection can't be closed.")
          .because(e);
    }
  }

  /** Prints a stream that can't be taken up again; a last line without an end gets one. */
  public static void printAll(InputStream in, Output output, @Nullable Instant until) {
    var printed = print(in, output, until, null);
    if (Boolean.TRUE.equals(printed.lineOpen())) {
      output.line("");
      output.flush();
    }
    if (printed.broke()) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The connection broke before the log's end.");
    }
  }

  /**
   * Waits a moment before asking again.
   *
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static void pause(Duration moment, @Nullable Instant until) {
    var left = until == null ? moment : Duration.between(Instant.now(), until);
    if (left.isNegative() || left.isZero()) {
      throw timedOut();
    }
    try {
      Thread.sleep(left.compareTo(moment) < 0 ? left : moment);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }

  private static Printed print(InputStream in, Output output) {
    var bytes = 0L;
    Boolean lineOpen = null;
    var broke = false;
    try {
      var part = new byte[PART];
      for (var read = in.read(part); read >= 0; read = in.read(part)) {
        if (read > 0) {
          output.bytes(part, read);
          bytes += read;
          lineOpen = part[read - 1] != '\n';
        }
      }
    } catch (IOException e) {
      broke = true;
    }
    return new Printed(bytes, lineOpen, broke);
  }

  private static CommandFailure timedOut() {
    return new CommandFailure(ExitCode.TIMEOUT, "Timed out: the time of --timeout is over.");
  }
}
