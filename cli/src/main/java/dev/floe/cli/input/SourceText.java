package dev.floe.cli.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A text of YAML (JSON is YAML too) that the user handed in.
 *
 * @param name how the user called it: a path, or {@code standard input}
 */
public record SourceText(String name, String text) {
  /** Larger files are no manifests. */
  private static final int BYTES_MAX = 4 * 1024 * 1024;

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
      return new SourceText(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "There is no file " + name + ".");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, name + " can't be read: " + e.getMessage() + ".");
    }
  }

  /** The one document in it, which must be a mapping. */
  public JsonNode tree() {
    try (var parser = Output.YAML.createParser(text)) {
      JsonNode tree = Output.YAML.readTree(parser);
      if (tree == null || tree.isMissingNode()) {
        throw new CommandFailure(ExitCode.USAGE, name + " is empty.", "write something into it");
      }
      if (!tree.isObject()) {
        throw new CommandFailure(
            ExitCode.USAGE, name + " is no mapping of keys to values, as floe's files are.");
      }
      if (parser.nextToken() != null) {
        throw new CommandFailure(ExitCode.USAGE, name + " holds more than one document.");
      }
      return tree;
    } catch (JsonProcessingException e) {
      var at = Optional.ofNullable(e.getLocation());
      throw new CommandFailure(
          ExitCode.USAGE,
          "%s is no valid YAML: %s.".formatted(name, words(e)),
          at.map(place -> show(place.getLineNr(), place.getColumnNr())).orElse(List.of()),
          List.of());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, name + " can't be read: " + e.getMessage() + ".");
    }
  }

  /**
   * Where a field stands.
   *
   * @param pointer JSON pointer (RFC 6901); of a field that is missing, its nearest parent is found
   */
  public Optional<JsonLocation> find(String pointer) {
    Optional<JsonLocation> nearest = Optional.empty();
    var depth = -1;
    try (var parser = Output.YAML.createParser(text)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          continue;
        }
        var here = parser.getParsingContext().pathAsPointer().toString();
        if ((pointer.equals(here) || pointer.startsWith(here + "/")) && here.length() > depth) {
          nearest = Optional.of(location(parser));
          depth = here.length();
        }
      }
    } catch (IOException e) {
      return nearest;
    }
    return nearest;
  }

  /** The line with its number, and a caret under the column. */
  public List<String> show(int line, int column) {
    var shown = text.lines().skip(Math.max(0, line - 1)).findFirst();
    if (line < 1 || shown.isEmpty()) {
      return List.of();
    }
    var margin = "%5d | ".formatted(line);
    return List.of(
        margin + shown.get(), " ".repeat(margin.length() + Math.max(0, column - 1)) + "^");
  }

  private static JsonLocation location(JsonParser parser) {
    return parser.currentTokenLocation();
  }

  /** What the parser was at, and what it met; without its own picture of the place. */
  private static String words(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }
}
