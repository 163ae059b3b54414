package dev.floe.cli.image;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.local.image.ImageDefinition;
import dev.floe.local.image.LocalImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe local image add}. */
@Command(name = "add", description = "Say what an image name means on this machine.")
final class ImageAdd extends Verb {
  @Parameters(paramLabel = "NAME", description = "For example floe.local/weather:1.")
  String name = "";

  @Option(
      names = "--source",
      paramLabel = "DIR",
      required = true,
      description = "Folder whose content runs work in.")
  Path source = Path.of(".");

  @Option(
      names = "--requirements",
      paramLabel = "FILE",
      description = "Hash-locked requirements of its Python environment; a plain Python without.")
  @Nullable Path requirements;

  @Option(
      names = "--python-path",
      paramLabel = "DIR",
      description = "Folder of further Python modules; may be repeated.")
  List<Path> pythonPath = List.of();

  @Override
  protected ExitCode run(Session session) throws IOException {
    var definition =
        LocalImages.at(session.home())
            .add(new ImageDefinition(name, source, Optional.ofNullable(requirements), pythonPath));
    session
        .output()
        .one(
            ImageView.of(definition),
            ImageView::image,
            view -> List.of("%s is %s".formatted(view.image(), view.source())));
    return ExitCode.DONE;
  }
}
