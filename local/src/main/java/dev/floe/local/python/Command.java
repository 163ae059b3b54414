package dev.floe.local.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A short command whose output is wanted whole.
 *
 * @param words the command and its arguments; never a secret
 * @param environment what is added to this process's own environment
 */
record Command(List<String> words, Map<String, String> environment) {
  private static final int MOST_OUTPUT = 1 << 20;

  static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  Command with(String name, String value) {
    var more = new HashMap<>(environment);
    more.put(name, value);
    return new Command(words, more);
  }

  /**
   * Runs it to its end, without input; its errors go to the same text as its output.
   *
   * @throws IOException it can't be started, or did not end in time and was killed
   */
  Answer run(Duration limit) throws IOException {
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      process.getOutputStream().close();
      var collected = new StringBuilder();
      var output = Thread.ofVirtual().start(() -> collect(process, collected));
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(words.getFirst() + " did not end within " + limit.toSeconds() + " s");
      }
      output.join();
      return new Answer(process.exitValue(), collected.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + words.getFirst(), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void collect(Process process, StringBuilder collected) {
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      var buffer = new char[8192];
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        if (collected.length() < MOST_OUTPUT) {
          collected.append(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      collected.append(e.getMessage());
    }
  }

  /**
   * How a command ended.
   *
   * @param exitCode its exit code
   * @param output what it wrote
   */
  record Answer(int exitCode, String output) {
    /** The last lines that say something, for a message. */
    String lastLines(int count) {
      var lines = output.lines().filter(line -> !line.isBlank()).toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
  }
}
