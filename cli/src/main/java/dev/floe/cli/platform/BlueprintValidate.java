package dev.floe.cli.platform;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.BlueprintProblem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe platform blueprint validate}. */
@Command(
    name = "validate",
    description =
        "Check a folder of blueprints with everything that is wrong named; nothing is kept.")
final class BlueprintValidate extends Verb {
  private static final int FILES_MAX = 500;
  private static final int BYTES_MAX = 500_000;

  @Parameters(paramLabel = "DIR", description = "Folder with a folder for each system.")
  Path folder = Path.of(".");

  @Override
  protected ExitCode run(Session session) throws IOException {
    var problems = new Platforms(session).validate(files());
    session
        .output()
        .one(
            problems,
            it -> folder.toString(),
            it -> it.problems().stream().map(BlueprintProblem::words).toList());
    if (problems.problems().isEmpty()) {
      session.progress().say("Nothing is wrong.");
      return ExitCode.DONE;
    }
    return ExitCode.FAILED;
  }

  private Map<String, String> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is no folder %s.".formatted(folder),
          "name a folder of blueprints");
    }
    var files = new TreeMap<String, String>();
    long bytes = 0;
    try (var found = Files.walk(folder)) {
      for (var file : (Iterable<Path>) found::iterator) {
        if (!Files.isRegularFile(file)) {
          continue;
        }
        bytes += Files.size(file);
        if (files.size() >= FILES_MAX || bytes > BYTES_MAX) {
          throw new CommandFailure(
              ExitCode.USAGE,
              "%s has more than %d files or %d bytes.".formatted(folder, FILES_MAX, BYTES_MAX),
              "name the folder of blueprints and nothing above it");
        }
        try {
          files.put(folder.relativize(file).toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
          throw new CommandFailure(
              ExitCode.USAGE,
              "%s is no text in UTF-8.".formatted(file),
              "take it out of the folder");
        }
      }
    }
    return files;
  }
}
