package dev.floe.cli.input;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.floe.yaml.YamlDocument;
import dev.floe.yaml.YamlProblem;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the scalars of a file against the record it is sent as, so that no service converts them.
 *
 * <ul>
 *   <li>Where the record has text, a fraction or a truth value without quotes is refused; a whole
 *       number is sent as its digits.
 *   <li>Where it has a whole number, a fraction and text are refused.
 *   <li>Everything else is left to the service.
 * </ul>
 */
public final class RecordShape {
  private static final int PROBLEMS_MAX = 100;
  private static final Set<Class<?>> WHOLE =
      Set.of(Integer.class, int.class, Long.class, long.class);

  private final YamlDocument document;
  private final List<YamlProblem> problems = new ArrayList<>();

  private RecordShape(YamlDocument document) {
    this.document = document;
  }

  /**
   * Checks a file.
   *
   * @param type the record
   * @return the file's tree
   * @throws dev.floe.cli.CommandFailure with exit code 2, naming each value with line and column
   */
  public static JsonNode check(SourceText source, Class<? extends Record> type) {
    var document = source.mapping();
    var shape = new RecordShape(document);
    var tree = shape.value(document.root(), type, "");
    if (!shape.problems.isEmpty()) {
      throw source.wrong(shape.problems);
    }
    return tree;
  }

  /** The value as it is sent. */
  private JsonNode value(JsonNode node, Type type, String pointer) {
    if (node.isNull()) {
      return node;
    }
    return switch (type) {
      case ParameterizedType several -> {
        items(node, several, pointer);
        yield node;
      }
      case Class<?> plain when plain.isRecord() -> {
        if (node instanceof ObjectNode object) {
          fields(object, plain, pointer);
        }
        yield node;
      }
      case Class<?> plain -> scalar(node, plain, pointer);
      default -> node;
    };
  }

  private void fields(ObjectNode object, Class<?> type, String pointer) {
    for (var component : type.getRecordComponents()) {
      var renamed = component.getAccessor().getAnnotation(JsonProperty.class);
      var key =
          renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
      if (object.has(key)) {
        object.set(key, value(object.get(key), component.getGenericType(), child(pointer, key)));
      }
    }
  }

  private void items(JsonNode node, ParameterizedType type, String pointer) {
    var item = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
    if (type.getRawType() == Map.class && node instanceof ObjectNode object) {
      for (var entry : List.copyOf(object.properties())) {
        var child = child(pointer, entry.getKey());
        object.set(entry.getKey(), item(entry.getValue(), item, child));
      }
    } else if (type.getRawType() == List.class && node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, item(list.get(i), item, pointer + "/" + i));
      }
    }
  }

  /** A value of a list or a mapping, which cannot be left out. */
  private JsonNode item(JsonNode node, Type type, String pointer) {
    if (node.isNull()) {
      problem(pointer, "has no value: write one, or \"\" for empty text");
    }
    return value(node, type, pointer);
  }

  private JsonNode scalar(JsonNode node, Class<?> type, String pointer) {
    if (node.isContainerNode()) {
      return node;
    }
    if (WHOLE.contains(type)) {
      if (!node.isIntegralNumber()) {
        problem(pointer, "must be a whole number");
      }
    } else if (type == Boolean.class || type == boolean.class) {
      if (!node.isBoolean()) {
        problem(pointer, "must be true or false");
      }
    } else if (type == Double.class || type == double.class) {
      if (!node.isNumber()) {
        problem(pointer, "must be a number");
      }
    } else if (type == Duration.class) {
      if (!node.isTextual()) {
        problem(pointer, "must be an ISO-8601 duration, for example PT10M");
      }
    } else if (node.isIntegralNumber()) {
      return TextNode.valueOf(node.asText());
    } else if (!node.isTextual()) {
      var written = node.isNumber() ? node.decimalValue().toPlainString() : node.asText();
      problem(
          pointer,
          "must be text: write it in quotes"
              + (SourceText.secret(pointer) ? "" : ", \"%s\"".formatted(written)));
    }
    return node;
  }

  private void problem(String pointer, String message) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(new YamlProblem(pointer, message, document.nearest(pointer)));
    }
  }

  private static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }
}
