package dev.floe.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One command as somebody types it, and what it answered. */
record Command(List<String> words, int exit, String out, String err) {

  /**
   * Runs a command to its end.
   *
   * @throws AssertionError where it takes longer than {@code atMost}
   */
  static Command run(List<String> words, Map<String, String> environment, Duration atMost) {
    try {
      var out = Files.createTempFile("floe-command", ".out");
      var err = Files.createTempFile("floe-command", ".err");
      try {
        var builder =
            new ProcessBuilder(new ArrayList<>(words))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
          process.descendants().forEach(ProcessHandle::destroy);
          process.destroy();
          throw new AssertionError(
              "%s did not end within %s:%n%s%n%s".formatted(words, atMost, text(out), text(err)));
        }
        return new Command(words, process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** This command, which must have worked. */
  Command worked() {
    if (exit != 0) {
      throw new AssertionError(
          "%s ended with %d:%n%s%n%s".formatted(String.join(" ", words), exit, out, err));
    }
    return this;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }
}
