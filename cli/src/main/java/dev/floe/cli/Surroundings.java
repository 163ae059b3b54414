package dev.floe.cli;

import dev.floe.cli.output.StandardOutput;
import dev.floe.local.LocalException;
import dev.floe.local.home.FileNames;
import dev.floe.local.home.FloeHome;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the command finds around it.
 *
 * @param outTerminal whether standard output ends at a terminal
 * @param errTerminal whether standard error does
 */
public record Surroundings(
    Map<String, String> environment,
    InputStream stdin,
    StandardOutput out,
    PrintWriter err,
    boolean outTerminal,
    boolean errTerminal) {

  /** The folder where everything of this machine is kept. */
  public FloeHome home() {
    return FloeHome.of(environment);
  }

  /** The same for words about an error, where it may be this folder that can't be used. */
  Path place() {
    try {
      return FloeHome.locate(environment);
    } catch (LocalException e) {
      return Path.of("/");
    }
  }

  /** The source tree, which {@code ./floe} names. */
  public Optional<Path> checkout() {
    return Optional.ofNullable(environment.get("FLOE_CHECKOUT"))
        .map(text -> FileNames.path("FLOE_CHECKOUT", text));
  }
}
