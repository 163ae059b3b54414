package dev.floe.local.python;

import java.nio.file.Path;

/**
 * A finished Python environment.
 *
 * @param folder where it lies
 */
public record PythonEnvironment(Path folder) {

  /** Its interpreter. */
  public Path python() {
    return bin().resolve("python");
  }

  /** The folder of its programs, to be put in front of the PATH. */
  public Path bin() {
    return folder.resolve("bin");
  }
}
