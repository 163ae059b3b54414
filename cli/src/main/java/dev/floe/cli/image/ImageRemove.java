package dev.floe.cli.image;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.local.image.LocalImages;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe local image remove}. */
@Command(name = "remove", description = "Forget an image name; its files stay.")
final class ImageRemove extends Verb implements Destructive {
  @Parameters(paramLabel = "NAME", description = "A name out of `floe local image list`.")
  String name = "";

  @Override
  protected ExitCode run(Session session) throws IOException {
    if (!LocalImages.at(session.home()).remove(name)) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "There is no local image '%s'.".formatted(name),
          "floe local image list");
    }
    session.progress().say(name + " is forgotten.");
    return ExitCode.DONE;
  }
}
