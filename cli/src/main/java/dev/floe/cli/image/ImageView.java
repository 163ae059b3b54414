package dev.floe.cli.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.floe.local.image.ImageDefinition;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A local image as it is printed. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ImageView(
    String image, String source, @Nullable String requirements, List<String> pythonPath) {
  static ImageView of(ImageDefinition definition) {
    return new ImageView(
        definition.image(),
        definition.source().toString(),
        definition.requirements().map(Path::toString).orElse(null),
        definition.pythonPath().stream().map(Path::toString).toList());
  }
}
