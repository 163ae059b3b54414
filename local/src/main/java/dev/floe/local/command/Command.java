package dev.floe.local.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A short command whose output is wanted whole.
 *
 * @param words the program and its arguments; never a secret, everybody on the machine can read
 *     them
 * @param environment what is added to this process's own environment
 * @param input what it reads; may be secret
 */
public record Command(List<String> words, Map<String, String> environment, String input) {
  private static final int MOST_OUTPUT = 1 << 20;

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** A command without input. */
  public static Command of(List<String> words) {
    return new Command(words, Map.of(), "");
  }

  /** The same with another input. */
  public Command withInput(String text) {
    return new Command(words, environment, text);
  }

  /** The same with this added to the environment. */
  public Command withEnvironment(Map<String, String> more) {
    return new Command(words, more, input);
  }

  /**
   * Runs it to its end; its errors go to the same text as its output.
   *
   * @throws IOException it can't be started, or did not end in time and was killed
   */
  public Answer run(Duration limit) throws IOException {
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    // Their messages are read by floe, and the names of files are passed on as UTF-8.
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      var collected = new StringBuilder();
      var output = Thread.ofVirtual().start(() -> collect(process, collected));
      var feeding = Thread.ofVirtual().start(() -> feed(process));
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(words.getFirst() + " did not end within " + limit.toSeconds() + " s");
      }
      feeding.join();
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

  private void feed(Process process) {
    try (var writer = process.outputWriter(StandardCharsets.UTF_8)) {
      writer.write(input);
    } catch (IOException e) {
      // it ended without reading everything: its exit code tells more
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
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How a command ended.
   *
   * @param exitCode its exit code
   * @param output what it wrote
   */
  public record Answer(int exitCode, String output) {
    /** The last lines that say something, for a message. */
    public String lastLines(int count) {
      var lines = output.lines().filter(line -> !line.isBlank()).toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
  }
}
