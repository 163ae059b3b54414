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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A log that is printed as it comes, in whole lines. */
public final class TextStream {
  private static final int PART = 1 << 16;

  private TextStream() {}

  /**
   * How far a stream was printed.
   *
   * @param bytes of whole lines that were printed
   * @param rest what came after the last end of a line; not printed
   * @param broke whether the connection broke before the stream's end
   */
  public record Printed(long bytes, String rest, boolean broke) {}

  /**
   * Prints until the stream ends or breaks.
   *
   * @param until when to stop at the latest; {@code null}: never
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static Printed print(InputStream in, Output output, @Nullable Instant until) {
    var timedOut = new AtomicBoolean();
    var alarm = alarm(in, until, timedOut);
    try {
      return print(in, output);
    } finally {
      alarm.cancel(true);
      output.flush();
      if (timedOut.get()) {
        throwTimeout();
      }
    }
  }

  /** Prints a stream that can't be taken up again, with what is after its last end of a line. */
  public static void printAll(InputStream in, Output output, @Nullable Instant until) {
    var printed = print(in, output, until);
    if (!printed.rest().isEmpty()) {
      output.line(printed.rest());
    }
    if (printed.broke()) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The connection broke before the log's end.");
    }
  }

  /**
   * Waits a moment between two looks.
   *
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static void pause(Duration moment, @Nullable Instant until) {
    if (until != null && !Instant.now().isBefore(until)) {
      throwTimeout();
    }
    try {
      Thread.sleep(moment);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }

  private static Printed print(InputStream in, Output output) {
    var bytes = 0L;
    var rest = new byte[0];
    try {
      var part = new byte[PART];
      for (var read = in.read(part); read >= 0; read = in.read(part)) {
        var all = Arrays.copyOf(rest, rest.length + read);
        System.arraycopy(part, 0, all, rest.length, read);
        var lines = afterLastLine(all);
        output.text(new String(all, 0, lines, StandardCharsets.UTF_8));
        output.flush();
        bytes += lines;
        rest = Arrays.copyOfRange(all, lines, all.length);
      }
      return new Printed(bytes, new String(rest, StandardCharsets.UTF_8), false);
    } catch (IOException e) {
      return new Printed(bytes, new String(rest, StandardCharsets.UTF_8), true);
    }
  }

  private static int afterLastLine(byte[] bytes) {
    for (var i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private static CompletableFuture<?> alarm(
      InputStream in, @Nullable Instant until, AtomicBoolean timedOut) {
    if (until == null) {
      return CompletableFuture.completedFuture(null);
    }
    var left = Math.max(0, Duration.between(Instant.now(), until).toMillis());
    return CompletableFuture.runAsync(
        () -> {
          timedOut.set(true);
          close(in);
        },
        CompletableFuture.delayedExecutor(left, TimeUnit.MILLISECONDS));
  }

  private static void throwTimeout() {
    throw new CommandFailure(ExitCode.TIMEOUT, "The time to wait is over.");
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // the reader notices
    }
  }
}
