package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.cli.output.StandardOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of the command in a test: what it printed and what it told the shell. The system
 * property {@code floe.executable} has the same tests call that program instead of the classes.
 */
public record Call(int exitCode, String out, String err) {
  private static final @Nullable String EXECUTABLE = System.getProperty("floe.executable");
  private static final long LIMIT_SECONDS = 300;

  /** Runs a command line with its own home and nothing else in the environment. */
  public static Call floe(Path home, String... args) {
    return floe(home, "", Map.of(), args);
  }

  public static Call floe(
      Path home, String stdin, Map<String, String> environment, String... args) {
    var env = new HashMap<>(environment);
    env.put("FLOE_HOME", home.toString());
    env.putIfAbsent("PATH", String.valueOf(System.getenv("PATH")));
    return EXECUTABLE == null
        ? classes(stdin, env, args)
        : executable(EXECUTABLE, stdin, env, args);
  }

  /**
   * The command as a process of its own, for a test of what only a process shows: signals, pipes,
   * the locale.
   *
   * @param environment the whole environment; nothing is added
   */
  public static ProcessBuilder process(Map<String, String> environment, String... args) {
    var words = new ArrayList<String>();
    if (EXECUTABLE == null) {
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
      words.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.floe.cli.Floe"));
    } else {
      words.add(EXECUTABLE);
    }
    words.addAll(List.of(args));
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /** The same, run to its end. */
  public static Call ofProcess(Map<String, String> environment, String... args) {
    return run(process(environment, args), "");
  }

  private static Call classes(String stdin, Map<String, String> env, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    var exitCode =
        Floe.run(
            new Surroundings(
                env,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new StandardOutput(out),
                new PrintWriter(err),
                false,
                false),
            args);
    return new Call(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  private static Call executable(
      String program, String stdin, Map<String, String> env, String... args) {
    var words = new ArrayList<>(List.of(program));
    words.addAll(List.of(args));
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(env);
    return run(builder, stdin);
  }

  private static Call run(ProcessBuilder builder, String stdin) {
    try {
      var process = builder.start();
      var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      try (var in = process.getOutputStream()) {
        in.write(stdin.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      return new Call(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
