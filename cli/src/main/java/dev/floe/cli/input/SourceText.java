package dev.floe.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.yaml.Position;
import dev.floe.yaml.SecretWords;
import dev.floe.yaml.YamlDocument;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlProblem;
import dev.floe.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A text of YAML (JSON is YAML too) that the user handed in, read as strictly as platform-manager
 * reads it.
 *
 * @param name how the user called it: a path, or {@code standard input}
 */
public record SourceText(String name, String text) {
  /** Larger files are no manifests. */
  private static final int BYTES_MAX = 4 * 1024 * 1024;

  private static final YamlReader READER =
      YamlReader.of(YamlLimits.USUAL.characters(BYTES_MAX)).hiding(SecretWords::names);

  /** Reads a file, or standard input where the path is {@code -}. */
  public static SourceText read(Path path, InputStream stdin) {
    var isStdin = path.toString().equals("-");
    var name = isStdin ? "standard input" : path.toString();
    try (var in = isStdin ? stdin : Files.newInputStream(path)) {
      var bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new CommandFailure(
            ExitCode.USAGE,
            name + " is larger than 4 MiB; floe's files have a few KiB.",
            "name a manifest or a run");
      }
      return new SourceText(name, YamlReader.text(bytes));
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "There is no file " + name + ".");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, name + " can't be read: " + e.getMessage() + ".");
    } catch (YamlException e) {
      throw new CommandFailure(ExitCode.USAGE, name + " " + e.getMessage() + ".");
    }
  }

  /**
   * The one document in it, which must be a mapping.
   *
   * @throws CommandFailure with exit code 2, naming each problem with line and column
   */
  public JsonNode tree() {
    return mapping().root();
  }

  /** The same with the place of each value. */
  YamlDocument mapping() {
    var document = document();
    if (!document.root().isObject()) {
      throw new CommandFailure(
          ExitCode.USAGE, name + " is not a mapping of keys to values, as floe's files are.");
    }
    return document;
  }

  /**
   * Where a field stands.
   *
   * @param pointer JSON pointer (RFC 6901); of a field that is missing, its nearest parent is found
   */
  public Optional<Position> find(String pointer) {
    try {
      return Optional.of(READER.read(text).nearest(pointer));
    } catch (YamlException e) {
      return Optional.empty();
    }
  }

  /**
   * The line with its number, and a caret under the column; nothing where the line may hold a
   * secret, because what a command prints is kept by others.
   *
   * @param pointer of the field that is shown
   */
  public List<String> show(String pointer, int line, int column) {
    var shown = text.lines().skip(Math.max(0, line - 1)).findFirst();
    if (line < 1
        || shown.isEmpty()
        || secret(pointer)
        || SecretWords.shape(shown.get()).isPresent()) {
      return List.of();
    }
    var margin = "%5d | ".formatted(line);
    return List.of(
        margin + shown.get(), " ".repeat(margin.length() + Math.max(0, column - 1)) + "^");
  }

  /** What is wrong with this text, as an error that shows each place. */
  CommandFailure wrong(List<YamlProblem> problems) {
    var details = new ArrayList<String>();
    for (var problem : problems) {
      var at = problem.position();
      var what =
          (problem.pointer().equals("/") ? "" : problem.pointer() + ": ") + problem.message();
      details.add(at == null ? what : "%s:%d:%d: %s".formatted(name, at.line(), at.column(), what));
      if (at != null) {
        details.addAll(show(problem.pointer(), at.line(), at.column()));
      }
    }
    return new CommandFailure(
        ExitCode.USAGE,
        problems.size() == 1
            ? "%s is not valid.".formatted(name)
            : "%s is not valid: %d problems.".formatted(name, problems.size()),
        details,
        List.of());
  }

  static boolean secret(String pointer) {
    return Arrays.stream(pointer.split("/", -1)).anyMatch(SecretWords::names);
  }

  private YamlDocument document() {
    try {
      return READER.read(text);
    } catch (YamlException e) {
      var first = e.problems().getFirst();
      if (first.position() == null && e.problems().size() == 1) {
        throw new CommandFailure(ExitCode.USAGE, name + " " + first.message() + ".");
      }
      throw wrong(e.problems());
    }
  }
}
