package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The shapes that manifests are held against, as JSON Schema 2020-12, so that editors complete and
 * check what is written. Pure.
 *
 * <p>The schema takes every manifest that is deployed. What relates one part of a manifest to
 * another is checked by {@link ManifestParser} alone: names that must differ, namespaces that
 * belong to others, presets that must exist, secrets.
 */
public final class ManifestJsonSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Text of any kind with a bound on its length, which JSON Schema has a keyword for. */
  private static final Pattern BOUNDED = Pattern.compile("\\(\\?s\\)\\.\\{0,(\\d+)}");

  private final SystemCatalog catalog;

  private ManifestJsonSchema(SystemCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * @param catalog the systems that can be deployed
   */
  public static ObjectNode of(SystemCatalog catalog) {
    return new ManifestJsonSchema(catalog).manifest();
  }

  /** The schema of one mapping. */
  public static ObjectNode of(Shape.Fields shape) {
    return fields(shape);
  }

  private ObjectNode manifest() {
    var schema =
        JSON.objectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("$id", "https://floe.dev/schemas/manifest.schema.json")
            .put("title", "floe manifest")
            .put(
                "description",
                "A data platform: its systems, how they run, and whose jobs may use it.");
    var root = fields(ManifestSchema.root());
    var properties = (ObjectNode) root.get("properties");
    plugins((ObjectNode) properties.get("plugins"));
    services((ObjectNode) properties.get("services"));
    schema.setAll(root);
    var definitions = schema.putObject("$defs");
    definitions.set("plugin", nullable(fields(ManifestSchema.plugin(new Shape.Anything()))));
    definitions.set("service", nullable(service()));
    return schema;
  }

  private void plugins(ObjectNode plugins) {
    for (var kind : new TreeSet<>(ManifestSchema.KINDS.keySet())) {
      if (!kind.equals("quality")) {
        plugin(kind, (ObjectNode) plugins.withObject("/properties").get(kind));
      }
    }
  }

  /** One plugin: which systems it can be, and what the config of each may hold. */
  private void plugin(String kind, ObjectNode plugin) {
    var deployable = catalog.systems(kind);
    var known = new TreeSet<String>();
    Optional.ofNullable(ManifestSchema.KINDS.get(kind))
        .ifPresent(found -> known.addAll(found.elsewhere()));
    known.addAll(deployable);
    plugin.put("$ref", "#/$defs/plugin");
    oneOf(plugin.withObject("/properties/type"), known);
    for (var system : new TreeSet<>(deployable)) {
      var config = catalog.config(system);
      if (config != null) {
        var rule = plugin.withArray("/allOf").addObject();
        var found = rule.withObject("/if");
        found.withObject("/properties/type").put("const", system);
        found.putArray("required").add("type");
        rule.withObject("/then/properties").set("config", nullable(fields(config)));
      }
    }
  }

  private void services(ObjectNode services) {
    services.set("properties", JSON.objectNode());
    for (var system : new TreeSet<>(catalog.systems())) {
      services.withObject("/properties").putObject(system).put("$ref", "#/$defs/service");
    }
    services.put("additionalProperties", false).putArray("type").add("object").add("null");
  }

  private static ObjectNode service() {
    var service = fields(ManifestSchema.service());
    notBoth(service);
    notBoth(service.withObject("/properties/workloads/additionalProperties"));
    return service;
  }

  private static void notBoth(ObjectNode sized) {
    var both = sized.withObject("/not").put("type", "object");
    both.putArray("required").add("preset").add("resources");
  }

  private static ObjectNode closed() {
    var schema = JSON.objectNode().put("type", "object");
    schema.putObject("properties");
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode anything() {
    return JSON.objectNode();
  }

  private static ObjectNode fields(Shape.Fields shape) {
    var schema = closed();
    var properties = schema.withObject("/properties");
    for (var field : shape.fields().entrySet()) {
      boolean required = shape.required().contains(field.getKey());
      var property = of(field.getValue());
      var description = shape.descriptions().get(field.getKey());
      if (description != null) {
        // before what its pattern means
        var words = property.path("description").asText();
        property.put("description", words.isEmpty() ? description : description + "; " + words);
      }
      properties.set(field.getKey(), required || shape.filled() ? property : nullable(property));
    }
    if (!shape.required().isEmpty()) {
      var required = schema.putArray("required");
      shape.fields().keySet().stream().filter(shape.required()::contains).forEach(required::add);
    }
    return schema;
  }

  private static ObjectNode of(Shape shape) {
    return switch (shape) {
      case Shape.Anything ignored -> anything();
      case Shape.Unused unused -> anything().put("description", unused.why());
      case Shape.Text text -> text(text);
      case Shape.OneOf words -> oneOf(JSON.objectNode(), words.values());
      case Shape.Whole whole ->
          JSON.objectNode()
              .put("type", "integer")
              .put("minimum", whole.min())
              .put("maximum", whole.max());
      case Shape.Truth ignored -> JSON.objectNode().put("type", "boolean");
      case Shape.Items items -> {
        var schema = JSON.objectNode().put("type", "array").put("maxItems", items.max());
        schema.set("items", of(items.item()));
        yield schema;
      }
      case Shape.Named named -> {
        var schema = JSON.objectNode().put("type", "object");
        schema.set("propertyNames", pattern(named.key()));
        schema.set("additionalProperties", of(named.value()));
        yield schema;
      }
      case Shape.TextOr either -> {
        var schema = JSON.objectNode();
        schema.putArray("anyOf").add(text(either.text())).add(fields(either.reference()));
        yield schema;
      }
      case Shape.Fields fields -> fields(fields);
    };
  }

  private static ObjectNode text(Shape.Text text) {
    var schema = pattern(text).put("type", "string");
    return schema.has("maxLength") ? schema : schema.put("description", text.words());
  }

  private static ObjectNode pattern(Shape.Text text) {
    var bounded = BOUNDED.matcher(text.pattern().pattern());
    return bounded.matches()
        ? JSON.objectNode().put("maxLength", Integer.parseInt(bounded.group(1)))
        : JSON.objectNode().put("pattern", "^(?:" + text.pattern().pattern() + ")$");
  }

  private static ObjectNode oneOf(ObjectNode schema, Collection<String> words) {
    schema.remove("pattern");
    if (words.size() == 1) {
      return schema.put("const", words.iterator().next());
    }
    words.forEach(schema.put("type", "string").putArray("enum")::add);
    return schema;
  }

  /** A key that stands there without a value is as one that does not. */
  private static ObjectNode nullable(ObjectNode schema) {
    if (schema.path("type").isTextual()) {
      var type = schema.path("type").asText();
      schema.putArray("type").add(type).add("null");
      if (schema.path("enum").isArray()) {
        schema.withArray("enum").addNull();
      }
    }
    return schema;
  }
}
