package dev.floe.cli;

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
    PrintWriter out,
    PrintWriter err,
    boolean outTerminal,
    boolean errTerminal) {

  /** The folder where everything of this machine is kept. */
  public FloeHome home() {
    return FloeHome.of(environment);
  }

  /** The source tree, which {@code ./floe} names. */
  public Optional<Path> checkout() {
    return Optional.ofNullable(environment.get("FLOE_CHECKOUT")).map(Path::of);
  }
}
