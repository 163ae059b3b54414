package dev.floe.cli.image;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Table;
import dev.floe.local.image.LocalImages;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code floe local image list}. */
@Command(name = "list", description = "List the image names that mean something on this machine.")
final class ImageList extends Verb {
  @Override
  protected ExitCode run(Session session) throws IOException {
    var images = LocalImages.at(session.home()).list().stream().map(ImageView::of).toList();
    session
        .output()
        .list(
            images,
            ImageView::image,
            all -> {
              var table = new Table("image", "source", "requirements");
              all.forEach(view ->
                  table.row(
                      view.image(),
                      view.source(),
                      view.requirements() == null ? "" : view.requirements()));
              return table;
            });
    if (images.isEmpty()) {
      session
          .progress()
          .say("No images. Define one: floe local image add NAME --source DIR --requirements FILE");
    }
    return ExitCode.DONE;
  }
}
