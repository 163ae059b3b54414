package dev.floe.cli.platform;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.input.SourceText;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A platform manifest as the user wrote it; platform-manager is the one who checks it.
 *
 * @param platform {@code metadata.name}
 */
public record ManifestFile(SourceText source, String platform) {
  /** Reads a file, or standard input where the path is {@code -}. */
  public static ManifestFile read(Path file, InputStream stdin) {
    var source = SourceText.read(file, stdin);
    var name = source.tree().path("metadata").path("name").asText("");
    if (name.isBlank()) {
      var place = source.find("/metadata");
      throw new CommandFailure(
          ExitCode.USAGE,
          source.name() + " names no platform: metadata.name is missing.",
          place.map(at -> source.show(at.getLineNr(), at.getColumnNr())).orElse(List.of()),
          List.of("add   metadata: {name: my-platform}"));
    }
    return new ManifestFile(source, name);
  }
}
