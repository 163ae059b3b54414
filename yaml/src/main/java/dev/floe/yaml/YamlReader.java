package dev.floe.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one document of YAML, or of JSON as its subset, into a {@link YamlDocument}.
 *
 * <ul>
 *   <li>Text keeps its characters. A scalar without quotes is a number only in the one spelling
 *       that JSON has too ({@code 12}, {@code -3.10}); {@code 007}, {@code 0x1F}, {@code 1e3},
 *       {@code +1}, {@code .5}, {@code True} and {@code ~} are refused: write quotes around them.
 *   <li>A repeated key, a tag and a merge key are refused; aliases are resolved.
 *   <li>Size, nesting, number of values, length of paths and number of problems are bounded by
 *       {@link YamlLimits}; the text is walked once, without building more than is kept.
 *   <li>Empty documents around the one document ({@code ---} before or after it) are passed over.
 * </ul>
 */
public final class YamlReader {
  private final YamlLimits limits;
  private final Predicate<String> sensitive;

  private YamlReader(YamlLimits limits, Predicate<String> sensitive) {
    this.limits = limits;
    this.sensitive = sensitive;
  }

  public static YamlReader of(YamlLimits limits) {
    return new YamlReader(limits, key -> false);
  }

  /** The same, but no problem repeats a value that stands under such a key. */
  public YamlReader hiding(Predicate<String> key) {
    return new YamlReader(limits, key);
  }

  /**
   * Reads a text.
   *
   * @throws YamlException naming everything that is wrong
   */
  public YamlDocument read(String text) {
    if (text.length() > limits.characters()) {
      throw refused(
          "has %d characters; the maximum is %d".formatted(text.length(), limits.characters()),
          null);
    }
    var plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (plain.startsWith("\uFFFD\uFFFD")
        || plain.substring(0, Math.min(4, plain.length())).indexOf(0) >= 0) {
      throw refused("is not UTF-8 text, but probably UTF-16: save it as UTF-8", null);
    }
    unprintable(plain);
    var settings =
        LoadSettings.builder().setCodePointLimit(limits.characters()).setLabel("text").build();
    try {
      var events = new Parse(settings).parseString(plain).iterator();
      return new TreeBuilder(events, limits, sensitive).document();
    } catch (MarkedYamlEngineException e) {
      var mark = e.getProblemMark().map(TreeBuilder::position).orElse(null);
      var problem = e.getProblem() == null ? "syntax error" : e.getProblem().strip();
      if (problem.contains("tag handle")) {
        problem = "a tag here is not supported: remove it, or write the value in quotes";
      }
      throw refused("cannot be read as YAML: " + problem, mark);
    } catch (YamlEngineException e) {
      throw refused("cannot be read as YAML", null);
    }
  }

  /**
   * Reads a text in UTF-8, with or without a byte order mark.
   *
   * @throws YamlException naming everything that is wrong
   */
  public YamlDocument read(byte[] bytes) {
    return read(text(bytes));
  }

  /**
   * The characters of a text in UTF-8.
   *
   * @throws YamlException when it is in another encoding
   */
  public static String text(byte[] bytes) {
    if (bytes.length >= 2) {
      int first = bytes[0] & 0xFF;
      int second = bytes[1] & 0xFF;
      if ((first == 0xFE && second == 0xFF)
          || (first == 0xFF && second == 0xFE)
          || first == 0
          || second == 0) {
        throw refused("is UTF-16, not UTF-8: save it as UTF-8", null);
      }
    }
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes);
    try {
      return decoder.decode(in).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw refused(
          "is not UTF-8: line %d has a byte that is none (0x%02X). Save it as UTF-8"
              .formatted(line, bytes[Math.min(in.position(), bytes.length - 1)] & 0xFF),
          new Position(line, 1));
    }
  }

  private static void unprintable(String text) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (!StreamReader.isPrintable(point) || (point >= 0xD800 && point <= 0xDFFF)) {
        throw refused(
            "has the control character U+%04X: remove it".formatted(point),
            new Position(line, column));
      }
      boolean ended =
          point == '\n'
              || (point == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
      line += ended ? 1 : 0;
      column = ended ? 1 : column + 1;
      i += Character.charCount(point);
    }
  }

  private static YamlException refused(String message, @Nullable Position position) {
    return new YamlException(List.of(new YamlProblem("/", message, position)));
  }
}
