package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.PlatformDiff;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe platform diff}. */
@Command(name = "diff", description = "Show what a deploy of a manifest would change.")
final class PlatformDiffCommand extends Verb {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "MANIFEST",
      required = true,
      description = "YAML of the platform; - reads standard input.")
  Path file = Path.of("-");

  @Option(
      names = "--component",
      paramLabel = "NAME",
      description = "As if this component alone were changed.")
  @Nullable String component;

  @Override
  protected ExitCode run(Session session) {
    var manifest = ManifestFile.read(file, session.stdin());
    var output = session.output();
    output.one(
        new Platforms(session).diff(manifest, component),
        PlatformDiff::platform,
        diff -> PlatformWords.diff(diff, output.terminal()));
    return ExitCode.DONE;
  }
}
