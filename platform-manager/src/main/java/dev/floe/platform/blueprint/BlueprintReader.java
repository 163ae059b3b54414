package dev.floe.platform.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.blueprint.Blueprint.BlueprintObject;
import dev.floe.platform.blueprint.Blueprint.PortRequest;
import dev.floe.platform.blueprint.Blueprint.RuntimeBlueprint;
import dev.floe.platform.manifest.Shape;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads the folder of one blueprint. */
final class BlueprintReader {
  private static final Set<String> KEYS =
      Set.of(
          "system",
          "version",
          "kinds",
          "provides",
          "requires",
          "images",
          "config",
          "secrets",
          "kubernetes",
          "local");
  private static final Set<String> RUNTIME_KEYS =
      Set.of("objects", "exports", "bindings", "ports", "scale", "url");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String system;
  private final UnaryOperator<String> files;

  /**
   * @param files gives the text of a file of the folder
   */
  BlueprintReader(String system, UnaryOperator<String> files) {
    this.system = system;
    this.files = files;
  }

  Blueprint read() {
    var tree = tree("blueprint.yaml");
    known(tree, KEYS);
    if (!tree.path("system").asText().equals(system)) {
      throw new BlueprintException("blueprints/%s names another system".formatted(system));
    }
    var images = new HashMap<String, String>();
    tree.path("images").properties().forEach(e -> images.put(e.getKey(), e.getValue().asText()));
    var runtimes = new LinkedHashMap<String, RuntimeBlueprint>();
    for (var runtime : List.of("kubernetes", "local")) {
      if (tree.has(runtime)) {
        runtimes.put(runtime, runtime(tree.path(runtime), runtime));
      }
    }
    return new Blueprint(
        system,
        tree.path("version").asText(),
        words(tree.path("kinds")),
        words(tree.path("provides")),
        words(tree.path("requires")),
        images,
        configShape(tree.path("config")),
        configDefaults(tree.path("config")),
        list(tree.path("secrets")),
        runtimes);
  }

  private RuntimeBlueprint runtime(JsonNode tree, String runtime) {
    known(tree, RUNTIME_KEYS);
    var objects = new ArrayList<BlueprintObject>();
    for (var object : tree.path("objects")) {
      var file = runtime + "/" + (object.isTextual() ? object : object.path("file")).asText();
      objects.add(new BlueprintObject(file, text(object.path("forEach")), tree(file)));
    }
    var ports = new ArrayList<PortRequest>();
    for (var port : tree.path("ports")) {
      ports.add(
          port.isTextual()
              ? new PortRequest(port.asText(), null)
              : new PortRequest(port.path("name").asText(), text(port.path("forEach"))));
    }
    return new RuntimeBlueprint(
        objects,
        tree.path("exports") instanceof ObjectNode exports ? exports : JSON.objectNode(),
        list(tree.path("bindings")),
        ports,
        text(tree.path("scale")),
        text(tree.path("url")));
  }

  private JsonNode tree(String file) {
    try {
      return YamlReader.of(YamlLimits.USUAL).read(files.apply(file)).root();
    } catch (YamlException e) {
      var at = e.problems().getFirst().position();
      throw new BlueprintException(
          "blueprints/%s/%s:%d: %s"
              .formatted(system, file, at == null ? 1 : at.line(), e.getMessage()),
          e);
    }
  }

  private void known(JsonNode tree, Set<String> keys) {
    for (var entry : tree.properties()) {
      if (!keys.contains(entry.getKey())) {
        throw new BlueprintException(
            "blueprints/%s: unknown key %s".formatted(system, entry.getKey()));
      }
    }
  }

  /**
   * Types are {@code text, label, quantity, whole, truth, image, unused, anything, fields, list}.
   */
  private static Shape.Fields configShape(JsonNode config) {
    var shape = Shape.fields();
    var required = new ArrayList<String>();
    for (var entry : config.properties()) {
      var description = entry.getValue().path("description").asText();
      shape =
          description.isEmpty()
              ? shape.with(entry.getKey(), shape(entry.getValue()))
              : shape.with(entry.getKey(), shape(entry.getValue()), description);
      if (entry.getValue().path("required").asBoolean()) {
        required.add(entry.getKey());
      }
    }
    return shape.requiring(required.toArray(String[]::new)).allFilled();
  }

  private static Shape shape(JsonNode type) {
    return switch (type.path("type").asText()) {
      case "text" ->
          type.has("pattern")
              ? Shape.matching(type.path("pattern").asText(), type.path("words").asText())
              : Shape.text();
      case "label" -> Shape.label(type.path("max").asInt(63));
      case "quantity" -> Shape.quantity();
      case "image" -> Shape.image();
      case "truth" -> new Shape.Truth();
      case "whole" ->
          new Shape.Whole(type.path("min").asLong(0), type.path("max").asLong(Integer.MAX_VALUE));
      case "unused" -> new Shape.Unused("kept, but not used yet");
      case "anything" -> new Shape.Anything();
      case "fields" -> configShape(type.path("fields"));
      case "list" ->
          new Shape.Items(
              shape(type.path("item")), type.path("max").asInt(100), text(type.path("unique")));
      default -> throw new BlueprintException("no type of a setting: " + type);
    };
  }

  private static ObjectNode configDefaults(JsonNode config) {
    var defaults = JSON.objectNode();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      if (entry.getValue().has("default")) {
        defaults.set(entry.getKey(), entry.getValue().get("default"));
      }
    }
    return defaults;
  }

  private static Set<String> words(JsonNode list) {
    var words = new TreeSet<String>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static List<JsonNode> list(JsonNode list) {
    var items = new ArrayList<JsonNode>();
    list.forEach(items::add);
    return items;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
