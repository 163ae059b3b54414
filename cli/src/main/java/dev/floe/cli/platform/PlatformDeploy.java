package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseState;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe platform deploy}. */
@Command(name = "deploy", description = "Deploy a manifest and wait until it is up.")
final class PlatformDeploy extends Verb {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "MANIFEST",
      required = true,
      description = "YAML of the platform; - reads standard input.")
  Path file = Path.of("-");

  @Option(names = "--dry-run", description = "Only show what would change.")
  boolean dryRun;

  @Option(
      names = "--component",
      paramLabel = "NAME",
      description = "Change this component alone; the others stay as they are.")
  @Nullable String component;

  @Option(names = "--no-wait", description = "Do not wait until it is up.")
  boolean noWait;

  @Option(
      names = "--take-over",
      description = "Take over objects of the same names and fields that others manage.")
  boolean takeOver;

  @Option(
      names = "--if-busy",
      paramLabel = "WHAT",
      description =
          "While another release is under way: ${COMPLETION-CANDIDATES} it; ${DEFAULT-VALUE} without this.")
  IfBusy busy = IfBusy.REPLACE;

  @Override
  protected ExitCode run(Session session) {
    var manifest = ManifestFile.read(file, session.stdin());
    var platforms = new Platforms(session);
    var output = session.output();
    if (dryRun) {
      output.one(
          platforms.diff(manifest, component),
          PlatformDiff::platform,
          diff -> PlatformWords.diff(diff, output.terminal()));
      return ExitCode.DONE;
    }
    var release = platforms.deploy(manifest, component, takeOver, busy);
    if (release.state() == ReleaseState.DEPLOYED) {
      session.progress().say("Nothing would change: the platform runs as the manifest says.");
    } else if (!noWait) {
      release = new Rollout(session, platforms).follow(release, "is deployed");
    }
    output.one(release, it -> it.platform() + "/" + it.number(), PlatformDeploy::words);
    if (!noWait) {
      Rollout.check(release);
    }
    return ExitCode.DONE;
  }

  private static List<String> words(Release release) {
    return List.of(
        "%s release %d %s".formatted(release.platform(), release.number(), release.state()));
  }
}
