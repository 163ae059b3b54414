package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.kit.problem.FloeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 (core schema), and JSON as its subset, into a {@link SourceTree}. Bounded in size,
 * depth, number of values and aliases; a repeated key is an error.
 */
public final class YamlReader {
  /** Longest text, in characters. */
  public static final int MAX_CHARACTERS = 1_000_000;

  /** Deepest nesting. */
  public static final int MAX_DEPTH = 50;

  /** Most values, counted after aliases are followed. */
  public static final int MAX_VALUES = 50_000;

  private static final int MAX_ALIASES = 50;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Position> values = new HashMap<>();
  private final Map<String, Position> keys = new HashMap<>();
  private final List<FieldError> errors = new ArrayList<>();
  private int count;

  private YamlReader() {}

  /**
   * Reads one document.
   *
   * @throws FloeException naming every repeated key, or the place where the text stops being YAML
   */
  public static SourceTree read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw FloeException.invalid(
          "/", "has %d characters; at most %d are taken".formatted(text.length(), MAX_CHARACTERS));
    }
    var reader = new YamlReader();
    var document = compose(text);
    if (document.isEmpty()) {
      throw FloeException.invalid("/", "is empty; write a manifest");
    }
    var root = reader.convert(document.get(), "", 0);
    if (!reader.errors.isEmpty()) {
      throw FloeException.invalid(reader.errors);
    }
    return new SourceTree(root, Map.copyOf(reader.values), Map.copyOf(reader.keys));
  }

  private static Optional<Node> compose(String text) {
    var settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setAllowRecursiveKeys(false)
            .setLabel("manifest")
            .build();
    try {
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw e.getProblemMark()
          .map(mark -> FloeException.invalid(List.of(error("", words(e), position(mark)))))
          .orElseGet(() -> FloeException.invalid("/", words(e)));
    } catch (YamlEngineException e) {
      throw FloeException.invalid("/", "cannot be read as YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      throw FloeException.invalid("/", "is nested deeper than %d levels".formatted(MAX_DEPTH));
    }
  }

  private static String words(MarkedYamlEngineException e) {
    return "cannot be read as YAML: "
        + (e.getProblem() == null ? "syntax error" : e.getProblem().strip());
  }

  private JsonNode convert(Node node, String pointer, int depth) {
    var position = node.getStartMark().map(YamlReader::position).orElse(new Position(1, 1));
    values.put(pointer, position);
    if (depth > MAX_DEPTH) {
      throw FloeException.invalid(
          List.of(
              error(pointer, "is nested deeper than %d levels".formatted(MAX_DEPTH), position)));
    }
    if (++count > MAX_VALUES) {
      throw FloeException.invalid(
          "/", "has more than %d values, aliases followed".formatted(MAX_VALUES));
    }
    return switch (node) {
      case MappingNode mapping -> mapping(mapping, pointer, depth);
      case SequenceNode sequence -> {
        var list = JSON.arrayNode();
        for (var item : sequence.getValue()) {
          list.add(convert(item, SourceTree.child(pointer, list.size()), depth + 1));
        }
        yield list;
      }
      case ScalarNode scalar -> scalar(scalar, pointer, position);
      default -> {
        errors.add(error(pointer, "is no value that can be read here", position));
        yield JSON.nullNode();
      }
    };
  }

  private JsonNode mapping(MappingNode mapping, String pointer, int depth) {
    var object = JSON.objectNode();
    for (var entry : mapping.getValue()) {
      var at = entry.getKeyNode().getStartMark().map(YamlReader::position).orElse(null);
      var where = at == null ? new Position(1, 1) : at;
      if (!(entry.getKeyNode() instanceof ScalarNode scalar)) {
        errors.add(error(pointer, "a key must be a plain word", where));
        continue;
      }
      var key = scalar.getValue();
      var child = SourceTree.child(pointer, key);
      if (object.has(key)) {
        errors.add(
            error(
                child,
                "the key stands here twice; the first is on line %d"
                    .formatted(keys.getOrDefault(child, where).line()),
                where));
        continue;
      }
      keys.put(child, where);
      object.set(key, convert(entry.getValueNode(), child, depth + 1));
    }
    return object;
  }

  private JsonNode scalar(ScalarNode scalar, String pointer, Position position) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (tag.equals(Tag.STR)) {
      return JSON.textNode(text);
    }
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(text.equalsIgnoreCase("true"));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return integer(text);
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new BigDecimal(text));
      }
    } catch (NumberFormatException e) {
      errors.add(error(pointer, "'%s' is no number that can be used".formatted(text), position));
      return JSON.nullNode();
    }
    errors.add(error(pointer, "the tag %s is not taken here".formatted(tag.getValue()), position));
    return JSON.nullNode();
  }

  private static JsonNode integer(String text) {
    if (text.length() > 40) {
      throw new NumberFormatException("too long");
    }
    var number =
        text.startsWith("0x")
            ? new BigInteger(text.substring(2), 16)
            : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    return number.bitLength() < 32
        ? JSON.numberNode(number.intValue())
        : number.bitLength() < 64 ? JSON.numberNode(number.longValue()) : JSON.numberNode(number);
  }

  private static FieldError error(String pointer, String message, Position position) {
    return new FieldError(
        pointer.isEmpty() ? "/" : pointer, message, position.line(), position.column());
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
