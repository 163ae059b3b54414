package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.yaml.SecretWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/** Holds a tree against a shape and names everything that does not fit, and everything unused. */
final class ShapeCheck {
  private static final Comparator<FieldError> IN_TEXT =
      Comparator.comparingInt(error -> error.line() == null ? 0 : error.line());

  /** Most errors, and most warnings, that are told one by one. */
  private static final int REPORTED_MAX = 100;

  private static final int SHOWN_MAX = 60;
  private static final Pattern NAME = Pattern.compile("[-_.A-Za-z0-9]{1,63}");

  private final SourceTree source;
  private final List<FieldError> errors = new ArrayList<>();
  private final List<FieldError> warnings = new ArrayList<>();
  private int unreported;

  ShapeCheck(SourceTree source) {
    this.source = source;
  }

  /** In the order of the text. */
  List<FieldError> errors() {
    var sorted = new ArrayList<>(errors.stream().sorted(IN_TEXT).toList());
    if (unreported > 0) {
      sorted.add(FieldError.of("/", "%d more fields are wrong".formatted(unreported)));
    }
    return List.copyOf(sorted);
  }

  /** In the order of the text. */
  List<FieldError> warnings() {
    return warnings.stream().sorted(IN_TEXT).toList();
  }

  void error(String pointer, String message) {
    if (errors.size() < REPORTED_MAX) {
      errors.add(source.error(pointer, message));
    } else {
      unreported++;
    }
  }

  void keyError(String pointer, String message) {
    if (errors.size() < REPORTED_MAX) {
      errors.add(source.keyError(pointer, message));
    } else {
      unreported++;
    }
  }

  void warn(String pointer, String message) {
    if (warnings.size() < REPORTED_MAX) {
      warnings.add(source.keyError(pointer, message));
    }
  }

  void check(JsonNode value, Shape shape, String pointer) {
    switch (shape) {
      case Shape.Anything ignored -> {}
      case Shape.Unused unused -> warn(pointer, unused.why());
      case Shape.Text text -> text(value, text, pointer);
      case Shape.OneOf words -> {
        if (!value.isTextual() || !words.values().contains(value.asText())) {
          error(
              pointer,
              "must be one of %s%s"
                  .formatted(
                      String.join(", ", words.values()),
                      words.values().size() == 1 ? "" : meant(value.asText(), words.values())));
        }
      }
      case Shape.Whole whole -> {
        if (!value.isIntegralNumber()
            || !value.canConvertToLong()
            || value.asLong() < whole.min()
            || value.asLong() > whole.max()) {
          error(
              pointer, "must be a whole number from %d to %d".formatted(whole.min(), whole.max()));
        }
      }
      case Shape.Truth ignored -> {
        if (!value.isBoolean()) {
          error(pointer, "must be true or false");
        }
      }
      case Shape.Items items -> {
        if (!(value instanceof ArrayNode list)) {
          error(pointer, "must be a list");
          return;
        }
        if (list.size() > items.max()) {
          error(pointer, "has %d items; the maximum is %d".formatted(list.size(), items.max()));
          return;
        }
        var before = new HashMap<String, Integer>();
        for (int i = 0; i < list.size(); i++) {
          var child = SourceTree.child(pointer, i);
          check(list.get(i), items.item(), child);
          var name = items.unique() == null ? null : list.get(i).path(items.unique()).asText("");
          var first = name == null || name.isEmpty() ? null : before.putIfAbsent(name, i);
          if (first != null) {
            error(
                SourceTree.child(child, String.valueOf(items.unique())),
                "is the same as in item %d; each needs its own".formatted(first));
          }
        }
      }
      case Shape.Named named -> {
        if (value instanceof ObjectNode object) {
          object
              .properties()
              .forEach(entry -> named(entry.getKey(), entry.getValue(), named, pointer));
        } else {
          error(pointer, "must be a mapping");
        }
      }
      case Shape.TextOr either ->
          check(value, value.isObject() ? either.reference() : either.text(), pointer);
      case Shape.Fields fields -> fields(value, fields, pointer);
    }
  }

  private void named(String key, JsonNode value, Shape.Named named, String pointer) {
    var child = SourceTree.child(pointer, key);
    if (!named.key().pattern().matcher(key).matches()) {
      keyError(
          child,
          "'%s' is not a name that can be used: %s".formatted(cut(key), named.key().words()));
    }
    check(value, named.value(), child);
  }

  private void fields(JsonNode value, Shape.Fields fields, String pointer) {
    if (!(value instanceof ObjectNode object)) {
      error(
          pointer,
          fields.fields().isEmpty()
              ? "must be a mapping"
              : "must be a mapping with the keys " + String.join(", ", fields.fields().keySet()));
      return;
    }
    object
        .properties()
        .forEach(entry -> {
          var child = SourceTree.child(pointer, entry.getKey());
          var known = fields.fields().get(entry.getKey());
          if (known == null) {
            unknown(entry.getKey(), fields.fields().keySet(), child);
          } else if (!entry.getValue().isNull()) {
            check(entry.getValue(), known, child);
          } else if (fields.required().contains(entry.getKey())) {
            error(child, "may not be empty");
          } else if (fields.filled()) {
            error(child, "has no value: write one, or leave the key out");
          }
        });
    for (var required : fields.required()) {
      if (!object.has(required)) {
        error(pointer, "the key '%s' is missing".formatted(required));
      }
    }
  }

  void unknown(String key, Collection<String> known, String pointer) {
    keyError(
        pointer,
        known.isEmpty()
            ? "unknown key '%s'; there are none here".formatted(cut(key))
            : "unknown key '%s'%s; known are %s"
                .formatted(cut(key), meant(key, known), String.join(", ", known)));
  }

  private void text(JsonNode value, Shape.Text text, String pointer) {
    if (value.isNumber() || value.isBoolean()) {
      error(
          pointer,
          "must be text: write it in quotes"
              + (hidden(pointer) ? "" : ", \"%s\"".formatted(written(value))));
    } else if (!value.isTextual()) {
      error(pointer, "must be text");
    } else if (!text.pattern().matcher(value.asText()).matches()) {
      error(pointer, "must be " + text.words());
    }
  }

  /** Whether a key on the way names a secret, so that the value must not be repeated. */
  private static boolean hidden(String pointer) {
    return Arrays.stream(pointer.split("/", -1)).anyMatch(SecretWords::names);
  }

  /** A number or truth value in the characters of its text: the reader takes one spelling only. */
  private static String written(JsonNode value) {
    return cut(value.isNumber() ? value.decimalValue().toPlainString() : value.asText());
  }

  private static String cut(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }

  /** A name that somebody wrote, as errors may repeat it; anything but a name may be a secret. */
  static String shown(String written) {
    return NAME.matcher(written).matches() && SecretWords.shape(written).isEmpty() ? written : "…";
  }

  static String meant(String written, Collection<String> known) {
    return NearestKey.of(written, known)
        .map(word -> "; did you mean '%s'?".formatted(word))
        .orElse("");
  }
}
