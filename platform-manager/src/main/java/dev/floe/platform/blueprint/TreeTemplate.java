package dev.floe.platform.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.floe.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Fills placeholders in a parsed tree. Text is never templated: a value cannot break out of the
 * scalar it stands in.
 *
 * <ul>
 *   <li>{@code ${a.b}} alone in a scalar is replaced by the value with its type; inside other text
 *       by its text; {@code ${a.b?}} that is absent drops the entry; two dollar signs before a
 *       brace stand for one.
 *   <li>{@code {$forEach: a.b, $do: …}} in a list stands for one item per element of {@code a.b},
 *       which is {@code item} inside.
 *   <li>{@code {$when: a.b, $do: …}} in a list stands for its content where {@code a.b} is there.
 *   <li>{@code {$yaml: …}} is the text of the tree inside, for files.
 * </ul>
 */
public final class TreeTemplate {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$(\\$\\{|\\{([A-Za-z0-9_.-]+)(\\?)?})");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TreeTemplate() {}

  /**
   * @param scope what placeholders refer to
   * @return a new tree; missing when the whole was dropped
   * @throws BlueprintException when a placeholder refers to nothing
   */
  public static JsonNode fill(JsonNode node, ObjectNode scope) {
    return switch (node) {
      case TextNode text -> text(text.asText(), scope);
      case ArrayNode list -> list(list, scope);
      case ObjectNode object when object.has("$yaml") ->
          JSON.textNode(YamlWriter.write(fill(object.get("$yaml"), scope)));
      case ObjectNode object -> {
        var filled = JSON.objectNode();
        for (var entry : object.properties()) {
          var value = fill(entry.getValue(), scope);
          if (!value.isMissingNode()) {
            filled.set(String.valueOf(text(entry.getKey(), scope).asText()), value);
          }
        }
        yield filled;
      }
      default -> node.deepCopy();
    };
  }

  /** A text that is filled to what it is now, whatever it looks like. */
  static String literal(String text) {
    return text.replace("${", "$${");
  }

  /**
   * A placeholder of a text.
   *
   * @param path dotted
   * @param optional whether its place is dropped where it refers to nothing
   * @param alone whether it is the whole text
   */
  record Placeholder(String path, boolean optional, boolean alone) {}

  /** The placeholders of a text. */
  static List<Placeholder> placeholders(String text) {
    var found = new ArrayList<Placeholder>();
    var matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (matcher.group(2) != null) {
        found.add(
            new Placeholder(
                matcher.group(2),
                matcher.group(3) != null,
                matcher.start() == 0 && matcher.end() == text.length()));
      }
    }
    return found;
  }

  /** The value at a dotted path; missing when there is none. */
  public static JsonNode lookup(String path, ObjectNode scope) {
    JsonNode at = scope;
    for (var step : path.split("\\.", -1)) {
      at = at.path(step);
    }
    return at;
  }

  /** The scope inside a loop. */
  public static ObjectNode inside(ObjectNode scope, JsonNode item) {
    ObjectNode inner = JSON.objectNode();
    inner.setAll(scope);
    inner.set("item", item);
    return inner;
  }

  private static ArrayNode list(ArrayNode list, ObjectNode scope) {
    var filled = JSON.arrayNode();
    for (var item : list) {
      if (item.has("$forEach")) {
        for (var element : lookup(item.path("$forEach").asText(), scope)) {
          add(filled, item.path("$do"), inside(scope, element));
        }
      } else if (item.has("$when")) {
        if (present(lookup(item.path("$when").asText(), scope))) {
          add(filled, item.path("$do"), scope);
        }
      } else {
        add(filled, item, scope);
      }
    }
    return filled;
  }

  /** What a loop or condition stands for: a list is spliced in, anything else is one item. */
  private static void add(ArrayNode filled, JsonNode item, ObjectNode scope) {
    if (item instanceof ArrayNode several) {
      several.forEach(one -> add(filled, one, scope));
      return;
    }
    var value = fill(item, scope);
    if (!value.isMissingNode()) {
      filled.add(value);
    }
  }

  /** Whether a dotted path leads to something: not to nothing, false or what is empty. */
  public static boolean isPresent(String path, ObjectNode scope) {
    return present(lookup(path, scope));
  }

  private static boolean present(JsonNode value) {
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isBoolean() && !value.asBoolean())
        && !(value.isContainerNode() && value.isEmpty())
        && !(value.isTextual() && value.asText().isEmpty());
  }

  private static JsonNode text(String text, ObjectNode scope) {
    var matcher = PLACEHOLDER.matcher(text);
    if (matcher.matches() && matcher.group(2) != null) {
      return value(matcher.group(2), matcher.group(3) != null, scope).deepCopy();
    }
    matcher.reset();
    var filled = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      filled.append(text, end, matcher.start());
      end = matcher.end();
      if (matcher.group(2) == null) {
        filled.append("${");
        continue;
      }
      var value = value(matcher.group(2), matcher.group(3) != null, scope);
      if (value.isMissingNode()) {
        return MissingNode.getInstance();
      }
      if (value.isContainerNode()) {
        throw new BlueprintException(
            "${%s} is a list or a mapping and stands inside text".formatted(matcher.group(2)));
      }
      filled.append(value.asText());
    }
    return end == 0
        ? JSON.textNode(text)
        : JSON.textNode(filled.append(text, end, text.length()).toString());
  }

  private static JsonNode value(String path, boolean optional, ObjectNode scope) {
    var value = lookup(path, scope);
    if (value.isMissingNode() || value.isNull()) {
      if (optional) {
        return MissingNode.getInstance();
      }
      throw new BlueprintException("${%s} refers to nothing".formatted(path));
    }
    return value;
  }
}
