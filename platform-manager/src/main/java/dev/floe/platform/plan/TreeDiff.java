package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.floe.contract.platform.PlatformDiff.FieldChange;
import dev.floe.yaml.SecretWords;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names each field in which two trees differ. Pure. */
public final class TreeDiff {
  private static final int MAX_VALUE = 200;
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
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        compare(pointer + "/" + i, a.path(i), b.path(i));
      }
    } else {
      changes.add(new FieldChange(pointer, shown(before), shown(after)));
    }
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
    if (node.isMissingNode()) {
      return null;
    }
    var text = node.isValueNode() ? node.asText() : withoutSecrets(node).toString();
    if (masked || SecretWords.shape(text).isPresent()) {
      return MASKED;
    }
    return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "…" : text;
  }
}
