package dev.floe.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** One call of the command in a test: what it printed and what it told the shell. */
public record Call(int exitCode, String out, String err) {
  /** Runs a command line with its own home and nothing else in the environment. */
  public static Call floe(Path home, String... args) {
    return floe(home, "", Map.of(), args);
  }

  public static Call floe(
      Path home, String stdin, Map<String, String> environment, String... args) {
    var env = new HashMap<>(environment);
    env.put("FLOE_HOME", home.toString());
    env.putIfAbsent("PATH", String.valueOf(System.getenv("PATH")));
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode =
        Floe.run(
            new Surroundings(
                env,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out),
                new PrintWriter(err),
                false,
                false),
            args);
    return new Call(exitCode, out.toString(), err.toString());
  }
}
