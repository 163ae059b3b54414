package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.difflib.DiffUtils;
import dev.floe.contract.platform.PlatformDiff.FieldChange;
import dev.floe.yaml.SecretWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names each field in which two trees differ. Pure. */
public final class TreeDiff {
  private static final int MAX_VALUE = 200;

  /** Most places of one text, and lines of one place, that are shown. */
  private static final int MAX_HUNKS = 20;

  private static final int MAX_LINES = 20;
  private static final String MASKED = "•••";

  private final Predicate<String> ignored;
  private final boolean masked;
  private final List<FieldChange> changes = new ArrayList<>();

  private TreeDiff(Predicate<String> ignored, boolean masked) {
    this.ignored = ignored;
    this.masked = masked;
  }

  /**
   * @param ignored pointers that are left out, with everything below
   * @param masked whether values are hidden: for Secrets
   */
  public static List<FieldChange> of(
      JsonNode before, JsonNode after, Predicate<String> ignored, boolean masked) {
    var diff = new TreeDiff(ignored, masked);
    diff.compare("", before, after);
    return List.copyOf(diff.changes);
  }

  private void compare(String pointer, JsonNode before, JsonNode after) {
    if (ignored.test(pointer) || before.equals(after)) {
      return;
    }
    if (secretVariable(before) || secretVariable(after)) {
      changes.add(new FieldChange(pointer, hidden(before), hidden(after)));
    } else if (before instanceof ObjectNode a && after instanceof ObjectNode b) {
      var names = new TreeSet<String>();
      a.fieldNames().forEachRemaining(names::add);
      b.fieldNames().forEachRemaining(names::add);
      for (var name : names) {
        compare(
            pointer + "/" + name.replace("~", "~0").replace("/", "~1"), a.path(name), b.path(name));
      }
    } else if (before instanceof ArrayNode a && after instanceof ArrayNode b) {
      lists(pointer, a, b);
    } else if (!masked && isText(before) && isText(after) && lines(before, after)) {
      texts(pointer, before.asText(), after.asText());
    } else {
      changes.add(new FieldChange(pointer, shown(before), shown(after)));
    }
  }

  /** By name where all items have one that is their own, else by place. */
  private void lists(String pointer, ArrayNode a, ArrayNode b) {
    var before = named(a);
    var after = named(b);
    if (before.isPresent() && after.isPresent()) {
      var names = new LinkedHashSet<>(after.get().keySet());
      names.addAll(before.get().keySet());
      for (var name : names) {
        compare(
            "%s[name=%s]".formatted(pointer, name),
            before.get().getOrDefault(name, MissingNode.getInstance()),
            after.get().getOrDefault(name, MissingNode.getInstance()));
      }
    } else {
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        compare(pointer + "/" + i, a.path(i), b.path(i));
      }
    }
  }

  private static Optional<Map<String, JsonNode>> named(ArrayNode list) {
    var items = new LinkedHashMap<String, JsonNode>();
    for (var item : list) {
      var name = item.path("name");
      if (!name.isTextual() || items.put(name.asText(), item) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(items);
  }

  private static boolean isText(JsonNode node) {
    return node.isTextual() && SecretWords.shape(node.asText()).isEmpty();
  }

  private static boolean lines(JsonNode before, JsonNode after) {
    return before.asText().indexOf('\n') >= 0 || after.asText().indexOf('\n') >= 0;
  }

  /** Line by line: only what differs is shown. */
  private void texts(String pointer, String before, String after) {
    var deltas = DiffUtils.diff(before.lines().toList(), after.lines().toList()).getDeltas();
    for (var delta : deltas.subList(0, Math.min(deltas.size(), MAX_HUNKS))) {
      int line = Math.max(1, delta.getTarget().getPosition() + 1);
      changes.add(
          new FieldChange(
              "%s (line %d)".formatted(pointer, line),
              hunk(delta.getSource().getLines()),
              hunk(delta.getTarget().getLines())));
    }
    if (deltas.isEmpty()) {
      changes.add(new FieldChange(pointer + " (end of its last line)", null, null));
    }
    if (deltas.size() > MAX_HUNKS) {
      changes.add(
          new FieldChange(
              "%s (%d more places)".formatted(pointer, deltas.size() - MAX_HUNKS), null, null));
    }
  }

  private @Nullable String hunk(List<String> lines) {
    if (lines.isEmpty()) {
      return null;
    }
    var shown = lines.stream().limit(MAX_LINES).map(line -> words(TextNode.valueOf(line))).toList();
    return String.join("\n", shown)
        + (lines.size() > MAX_LINES ? "\n… %d more lines".formatted(lines.size() - MAX_LINES) : "");
  }

  /** A variable of the environment whose value is a secret and not a reference. */
  private static boolean secretVariable(JsonNode node) {
    return node.path("value").isTextual() && SecretWords.names(node.path("name").asText());
  }

  private static @Nullable String hidden(JsonNode node) {
    return node.isMissingNode() ? null : MASKED;
  }

  /** A list or an object as it is shown where the other side has none. */
  private static JsonNode withoutSecrets(JsonNode node) {
    if (secretVariable(node)) {
      return TextNode.valueOf(MASKED);
    }
    return switch (node) {
      case ObjectNode object -> {
        var copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(e -> copy.set(e.getKey(), withoutSecrets(e.getValue())));
        yield copy;
      }
      case ArrayNode list -> {
        var copy = JsonNodeFactory.instance.arrayNode();
        list.forEach(item -> copy.add(withoutSecrets(item)));
        yield copy;
      }
      default ->
          node.isTextual() && SecretWords.shape(node.asText()).isPresent()
              ? TextNode.valueOf(MASKED)
              : node;
    };
  }

  private @Nullable String shown(JsonNode node) {
    return node.isMissingNode() ? null : words(node);
  }

  private String words(JsonNode node) {
    var text = node.isValueNode() ? node.asText() : withoutSecrets(node).toString();
    if (masked || SecretWords.shape(text).isPresent()) {
      return MASKED;
    }
    return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "…" : text;
  }
}
