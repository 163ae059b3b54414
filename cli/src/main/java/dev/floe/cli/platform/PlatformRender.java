package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe platform render}. */
@Command(
    name = "render",
    description = "Print the objects that a deploy of a manifest would apply; nothing is changed.")
final class PlatformRender extends Verb {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "MANIFEST",
      required = true,
      description = "YAML of the platform; - reads standard input.")
  Path file = Path.of("-");

  @Override
  protected ExitCode run(Session session) {
    var manifest = ManifestFile.read(file, session.stdin());
    var output = session.output();
    output.text(new Platforms(session).render(manifest));
    output.flush();
    return ExitCode.DONE;
  }
}
