package dev.floe.cli.platform;

import dev.floe.cli.input.SourceText;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A platform manifest as the user wrote it; platform-manager is the one who checks it.
 *
 * @param platform {@code metadata.name}, or {@value #NAMELESS} where it has none
 */
public record ManifestFile(SourceText source, String platform) {
  /**
   * Stands in the route for a name that is missing or is none. No platform may be called so, so a
   * manifest sent there is refused, with everything that is wrong with it.
   */
  private static final String NAMELESS = "_";

  private static final String NAME = "[A-Za-z0-9][-.A-Za-z0-9]*";

  /** Reads a file, or standard input where the path is {@code -}. */
  public static ManifestFile read(Path file, InputStream stdin) {
    var source = SourceText.read(file, stdin);
    var name = source.tree().path("metadata").path("name").asText("");
    return new ManifestFile(source, name.matches(NAME) ? name : NAMELESS);
  }
}
