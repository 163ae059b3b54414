package dev.floe.cli.rest;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A log that is printed as it comes. */
public final class TextStream {
  private TextStream() {}

  /**
   * Prints line by line until the stream ends.
   *
   * @param until when to stop at the latest; {@code null}: never
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static void copy(InputStream in, Output output, @Nullable Instant until)
      throws IOException {
    var over = new CompletableFuture<Boolean>();
    if (until != null) {
      var left = Math.max(0, Duration.between(Instant.now(), until).toMillis());
      var unused =
          over.completeOnTimeout(true, left, TimeUnit.MILLISECONDS)
              .thenAccept(timedOut -> close(in));
    }
    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        output.line(line);
        if (!reader.ready()) {
          output.flush();
        }
      }
    } catch (IOException e) {
      if (!over.isDone()) {
        throw e;
      }
    } finally {
      output.flush();
    }
    if (over.isDone()) {
      throw new CommandFailure(ExitCode.TIMEOUT, "The time to wait is over.");
    }
  }

  /**
   * Waits a moment between two looks.
   *
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public static void pause(Duration moment, @Nullable Instant until) {
    if (until != null && !Instant.now().isBefore(until)) {
      throw new CommandFailure(ExitCode.TIMEOUT, "The time to wait is over.");
    }
    try {
      Thread.sleep(moment);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // the reader notices
    }
  }
}
