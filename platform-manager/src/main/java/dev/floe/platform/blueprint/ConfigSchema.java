package dev.floe.platform.blueprint;

import static dev.floe.platform.blueprint.BlueprintFile.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.manifest.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * Reads what a blueprint's {@code config} may hold: JSON Schema 2020-12, of which the keywords
 * below are understood. Any other is refused, so that nothing is promised that is not checked.
 */
final class ConfigSchema {
  private static final Set<String> ALWAYS =
      Set.of("type", "description", "default", "x-floe-unused");

  private static final Map<String, Set<String>> KEYWORDS =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "maxItems", "x-floe-unique"),
          "string", Set.of("pattern", "maxLength", "enum", "format", "x-floe-words"),
          "integer", Set.of("minimum", "maximum"),
          "boolean", Set.of());

  private static final int ITEMS_MAX = 100;
  private static final int LABEL_MAX = 63;
  private static final int TEXT_MAX = 4096;

  private final BlueprintFile file;

  ConfigSchema(BlueprintFile file) {
    this.file = file;
  }

  /** The shape of the mapping at a pointer; an empty one where there is none. */
  Shape.Fields fields(JsonNode schema, String pointer) {
    if (schema.isMissingNode()) {
      return Shape.fields().allFilled();
    }
    return shape(schema, pointer) instanceof Shape.Fields fields ? fields : notAnObject(pointer);
  }

  private Shape.Fields notAnObject(String pointer) {
    file.problem(pointer, "config is a mapping: write type: object and its properties");
    return Shape.fields().allFilled();
  }

  /** The values of the keys that a manifest leaves out. */
  static ObjectNode defaults(JsonNode schema) {
    var defaults = JsonNodeFactory.instance.objectNode();
    for (var entry : schema.path("properties").properties()) {
      if (entry.getValue().has("default")) {
        defaults.set(entry.getKey(), entry.getValue().get("default"));
      }
    }
    return defaults;
  }

  private Shape shape(JsonNode schema, String pointer) {
    var type = schema.path("type").asText();
    var keywords = KEYWORDS.get(type);
    if (keywords == null) {
      if (schema.path("x-floe-unused").asBoolean()) {
        return new Shape.Unused("kept, but not used yet");
      }
      file.problem(
          child(pointer, "type"), "type must be one of " + BlueprintFile.sorted(KEYWORDS.keySet()));
      return new Shape.Anything();
    }
    var known = new HashSet<>(keywords);
    known.addAll(ALWAYS);
    file.known(schema, pointer, known);
    return switch (type) {
      case "object" -> object(schema, pointer);
      case "array" -> array(schema, pointer);
      case "integer" -> integer(schema, pointer);
      case "boolean" -> new Shape.Truth();
      default -> text(schema, pointer);
    };
  }

  private Shape.Fields object(JsonNode schema, String pointer) {
    if (schema.path("additionalProperties").asBoolean()) {
      file.problem(
          child(pointer, "additionalProperties"), "keys that are not listed are always refused");
    }
    var shape = Shape.fields();
    for (var entry : schema.path("properties").properties()) {
      var at = child(child(pointer, "properties"), entry.getKey());
      var property = shape(entry.getValue(), at);
      var description = entry.getValue().path("description").asText();
      shape =
          description.isEmpty()
              ? shape.with(entry.getKey(), property)
              : shape.with(entry.getKey(), property, description);
    }
    var required = new ArrayList<String>();
    for (var key : file.texts(schema.path("required"), child(pointer, "required"))) {
      if (shape.fields().containsKey(key)) {
        required.add(key);
      } else {
        file.problem(child(pointer, "required"), "'%s' is no key of the properties".formatted(key));
      }
    }
    return shape.requiring(required.toArray(String[]::new)).allFilled();
  }

  private Shape array(JsonNode schema, String pointer) {
    if (!schema.has("items")) {
      file.problem(pointer, "an array needs items");
      return new Shape.Anything();
    }
    var item = shape(schema.path("items"), child(pointer, "items"));
    var unique = schema.path("x-floe-unique");
    if (unique.isTextual()
        && !(item instanceof Shape.Fields fields && fields.fields().containsKey(unique.asText()))) {
      file.problem(child(pointer, "x-floe-unique"), "the items have no such key");
    }
    return new Shape.Items(
        item,
        schema.path("maxItems").asInt(ITEMS_MAX),
        unique.isTextual() ? unique.asText() : null);
  }

  private Shape integer(JsonNode schema, String pointer) {
    long min = schema.path("minimum").asLong(0);
    long max = schema.path("maximum").asLong(Integer.MAX_VALUE);
    if (min > max) {
      file.problem(child(pointer, "minimum"), "the minimum is above the maximum");
    }
    return new Shape.Whole(min, max);
  }

  private Shape text(JsonNode schema, String pointer) {
    if (schema.has("enum")) {
      return new Shape.OneOf(file.texts(schema.path("enum"), child(pointer, "enum")));
    }
    if (schema.has("pattern")) {
      return pattern(schema, pointer);
    }
    int max = schema.path("maxLength").asInt(TEXT_MAX);
    return switch (schema.path("format").asText()) {
      case "" ->
          Shape.matching("(?s).{0,%d}".formatted(max), "at most %d characters".formatted(max));
      case "label" -> Shape.label(schema.path("maxLength").asInt(LABEL_MAX));
      case "quantity" -> Shape.quantity();
      case "image" -> Shape.image();
      case "secret" -> Shape.secretRef();
      default -> {
        file.problem(
            child(pointer, "format"), "format must be one of image, label, quantity, secret");
        yield Shape.text();
      }
    };
  }

  private Shape pattern(JsonNode schema, String pointer) {
    if (!schema.has("x-floe-words")) {
      file.problem(pointer, "a pattern needs x-floe-words: what it means, for people");
    }
    var written = schema.path("pattern").asText();
    try {
      // JSON Schema finds a pattern anywhere; a value has to match it as a whole
      var whole = written.replaceFirst("^\\^", "").replaceFirst("\\$$", "");
      return Shape.matching(whole, schema.path("x-floe-words").asText());
    } catch (PatternSyntaxException e) {
      file.problem(child(pointer, "pattern"), "is no regular expression: " + e.getDescription());
      return Shape.text();
    }
  }

  /** Keywords of every type, for documentation. */
  static List<String> keywords() {
    var all = new TreeSet<>(ALWAYS);
    KEYWORDS.values().forEach(all::addAll);
    return List.copyOf(all);
  }
}
