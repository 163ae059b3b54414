package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A JSON Schema as a page for people: a section for each mapping, a row for each key. */
final class SchemaDocumentation {
  private static final String ANYTHING = "anything";

  private final StringBuilder page = new StringBuilder();

  private SchemaDocumentation() {}

  static String of(JsonNode schema) {
    var documentation = new SchemaDocumentation();
    documentation.page.append(
        """
        # The manifest

        %s
        Keys that are not listed are refused, with the nearest one that is. A key without a value is as one that is not there, unless it is required.

        This page is made from the JSON Schema, which `floe schema manifest` prints. An editor with a YAML language server completes and checks a
        manifest that names it in its first line:

        ```yaml
        # yaml-language-server: $schema=manifest.schema.json
        ```

        What relates one part of a manifest to another is checked by platform-manager alone, and by `floe platform diff`: names that must differ,
        namespaces that belong to others, presets that must exist, secrets (they stand in Secrets, and `{secretRef: {name, key}}` in their place).
        """
            .formatted(schema.path("description").asText()));
    documentation.section("Top level", "", schema);
    documentation.section("A plugin", "plugins.KIND", schema.at("/$defs/plugin"));
    for (var kind : schema.at("/properties/plugins/properties").properties()) {
      documentation.configs("plugins." + kind.getKey(), kind.getValue());
    }
    documentation.section("A service", "services.SYSTEM", schema.at("/$defs/service"));
    return documentation.page.toString();
  }

  private record Nested(String path, JsonNode schema) {}

  private void configs(String path, JsonNode plugin) {
    for (var rule : plugin.path("allOf")) {
      var config = rule.at("/then/properties/config");
      if (!config.path("properties").isEmpty()) {
        var system = rule.at("/if/properties/type/const").asText();
        section("`%s.config` of %s".formatted(path, system), path + ".config", config);
      }
    }
  }

  private void section(String title, String path, JsonNode schema) {
    var nested = new ArrayList<Nested>();
    page.append("\n## ").append(title).append("\n\n");
    page.append("| Key | Value | Meaning |\n|---|---|---|\n");
    var required = words(schema.path("required"));
    for (var entry : schema.path("properties").properties()) {
      var name = entry.getKey();
      row(name, entry.getValue(), required.contains(name));
      nested(path.isEmpty() ? name : path + "." + name, entry.getValue(), nested);
    }
    for (var one : nested) {
      section("`" + one.path() + "`", one.path(), one.schema());
    }
  }

  private void row(String name, JsonNode property, boolean required) {
    page.append(
        "| `%s`%s | %s | %s |\n"
            .formatted(
                name,
                required ? " (required)" : "",
                type(property).replace("|", "\\|"),
                property.path("description").asText().replace("|", "\\|")));
  }

  private static void nested(String path, JsonNode property, List<Nested> nested) {
    if (property.has("$ref")) {
      return; // it has a section of its own
    }
    if (property.path("properties").size() > 0) {
      nested.add(new Nested(path, property));
    }
    if (property.path("additionalProperties").path("properties").size() > 0) {
      nested.add(new Nested(path + ".NAME", property.path("additionalProperties")));
    }
    if (property.path("items").path("properties").size() > 0) {
      nested.add(new Nested(path + "[]", property.path("items")));
    }
  }

  private static String type(JsonNode property) {
    if (property.has("$ref")) {
      var systems = type(property.at("/properties/type"));
      return systems.equals(ANYTHING) ? "mapping, see below" : "mapping of type " + systems;
    }
    if (property.has("const")) {
      return "`%s`".formatted(property.path("const").asText());
    }
    if (property.has("enum")) {
      return words(property.path("enum")).stream()
          .map("`%s`"::formatted)
          .collect(Collectors.joining(", "));
    }
    if (property.has("anyOf")) {
      return StreamSupport.stream(property.path("anyOf").spliterator(), false)
          .map(SchemaDocumentation::type)
          .collect(Collectors.joining(" or "));
    }
    var type = property.path("type");
    return switch (type.isArray() ? type.get(0).asText() : type.asText(ANYTHING)) {
      case "object" ->
          property.path("additionalProperties").isObject()
              ? "mapping of names to " + type(property.path("additionalProperties"))
              : "mapping";
      case "array" ->
          "list of %s, at most %d"
              .formatted(type(property.path("items")), property.path("maxItems").asInt());
      case "integer" ->
          "%d to %d"
              .formatted(property.path("minimum").asLong(), property.path("maximum").asLong());
      case "boolean" -> "`true` or `false`";
      case "string" ->
          property.has("maxLength")
              ? "text, at most %d characters".formatted(property.path("maxLength").asInt())
              : "text";
      default -> ANYTHING;
    };
  }

  private static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }
}
