package dev.floe.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources of this build lie. */
final class Checkout {
  private Checkout() {}

  /** A file of the checkout that must be there. */
  static Path file(String path) {
    var file =
        Path.of(System.getProperty("floe.checkout", ".."), path).toAbsolutePath().normalize();
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is missing: build everything before, ./mvnw package");
    }
    return file;
  }
}
