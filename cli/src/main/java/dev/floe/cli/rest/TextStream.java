package dev.floe.cli.rest;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A log that is printed as it comes, also the line that has not ended yet. */
public final class TextStream {
  private static final int PART = 1 << 16;

  private TextStream() {}

  /**
   * How far a stream was printed.
   *
   * @param bytes how many were printed
   * @param rest the beginning of a character whose other bytes did not come; not printed
   * @param lineOpen whether what was printed ends within a line; {@code null}: nothing was printed
   * @param broke whether the connection broke, or was silent too long, before the stream's end
   */
  public record Printed(long bytes, String rest, @Nullable Boolean lineOpen, boolean broke) {}

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
      return watched.isSilent()
          ? new Printed(printed.bytes(), printed.rest(), printed.lineOpen(), true)
          : printed;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The log's connection can't be closed.")
          .because(e);
    }
  }

  /** Prints a stream that can't be taken up again. */
  public static void printAll(InputStream in, Output output, @Nullable Instant until) {
    var printed = print(in, output, until, null);
    if (!printed.rest().isEmpty() || Boolean.TRUE.equals(printed.lineOpen())) {
      output.line(printed.rest());
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
    var rest = new byte[0];
    Boolean lineOpen = null;
    var broke = false;
    try {
      var part = new byte[PART];
      for (var read = in.read(part); read >= 0; read = in.read(part)) {
        var all = Arrays.copyOf(rest, rest.length + read);
        System.arraycopy(part, 0, all, rest.length, read);
        var whole = wholeCharacters(all);
        if (whole > 0) {
          output.text(new String(all, 0, whole, StandardCharsets.UTF_8));
          output.flush();
          bytes += whole;
          lineOpen = all[whole - 1] != '\n';
        }
        rest = Arrays.copyOfRange(all, whole, all.length);
      }
    } catch (IOException e) {
      broke = true;
    }
    return new Printed(bytes, new String(rest, StandardCharsets.UTF_8), lineOpen, broke);
  }

  /** How many of the bytes are left when a character that is cut off at their end is left out. */
  private static int wholeCharacters(byte[] bytes) {
    for (var back = 1; back <= Math.min(3, bytes.length); back++) {
      var at = bytes[bytes.length - back] & 0xff;
      if (at >= 0xc0) {
        var length = at >= 0xf0 ? 4 : at >= 0xe0 ? 3 : 2;
        return length > back ? bytes.length - back : bytes.length;
      }
      if (at < 0x80) {
        return bytes.length;
      }
    }
    return bytes.length;
  }

  private static CommandFailure timedOut() {
    return new CommandFailure(ExitCode.TIMEOUT, "Timed out: the time of --timeout is over.");
  }
}
