package dev.floe.platform.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.floe.contract.platform.Manifest;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.manifest.Shape.Anything;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads a manifest and says everything that is wrong with it at once. Pure. */
public final class ManifestParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> RESERVED = Set.of("default", "system", "admin", "root");
  private static final Set<String> RESERVED_NAMESPACES =
      Set.of("default", "floe", "kube-system", "kube-public", "kube-node-lease");

  private static final int SECRETS_MAX = 1_000;
  private static final int SECRETS_REPORTED = 100;

  private final SystemCatalog catalog;
  private final boolean inlineSecrets;

  /**
   * @param catalog the systems a manifest may name
   * @param inlineSecrets whether a secret may stand in it: on one machine and in development only
   */
  public ManifestParser(SystemCatalog catalog, boolean inlineSecrets) {
    this.catalog = catalog;
    this.inlineSecrets = inlineSecrets;
  }

  /**
   * @param text YAML or JSON
   * @throws FloeException naming each error with pointer, line and column
   */
  public ParsedManifest parse(String text) {
    var source = SourceTree.read(text);
    SecretScan.secretKey(source.root())
        .ifPresent(pointer -> {
          throw FloeException.invalid(
              List.of(source.error(pointer, "a key here looks like a secret: remove it")));
        });
    var check = new ShapeCheck(source);
    check.check(source.root(), ManifestSchema.root(), "");
    if (!(source.root() instanceof ObjectNode tree)) {
      throw FloeException.invalid(check.errors());
    }
    var plugins = plugins(tree.path("plugins"), check);
    var services = services(tree, check);
    domains(tree, check);
    scope(tree, check);
    if (RESERVED.contains(tree.at("/metadata/name").asText())) {
      check.error("/metadata/name", "is reserved; choose another name");
    }
    var kept = tree.deepCopy();
    var shape = ManifestSchema.root().with("plugins", plugins).with("services", services);
    var secrets = new ArrayList<InlineSecret>();
    int most = inlineSecrets ? SECRETS_MAX : SECRETS_REPORTED;
    var scan = SecretScan.takeFrom(kept, shape, most);
    scan.beyond()
        .ifPresent(pointer ->
            check.error(
                pointer,
                "more than %d secrets stand in this manifest, here the next: put them into Secrets and write {secretRef: {name: …, key: …}} in their place"
                    .formatted(most)));
    for (var found : scan.found()) {
      var taken = found.taken().orElse(null);
      if (taken == null) {
        check.error(
            found.pointer(), "a secret may not stand here (%s): remove it".formatted(found.why()));
      } else if (inlineSecrets) {
        secrets.add(taken);
        check.warn(
            found.pointer(),
            "a secret stands here (%s); it was put into the Secret %s under %s and is not kept in the revision"
                .formatted(found.why(), taken.secret(), taken.key()));
      } else {
        check.error(
            found.pointer(),
            "a secret may not stand in a manifest outside local and dev (%s): create a Secret and write"
                    .formatted(found.why())
                + " {secretRef: {name: …, key: …}} here");
      }
    }
    if (!check.errors().isEmpty()) {
      throw FloeException.invalid(check.errors());
    }
    try {
      return new ParsedManifest(
          JSON.treeToValue(withoutNulls(kept), Manifest.class), kept, check.warnings(), secrets);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema let a manifest through that cannot be read", e);
    }
  }

  /**
   * @return what the plugins may look like
   */
  private Shape plugins(JsonNode plugins, ShapeCheck check) {
    var shape = Shape.fields().with("quality", new Anything());
    var kindOf = new HashMap<String, String>();
    for (var entry : plugins.properties()) {
      var kind = entry.getKey();
      var pointer = SourceTree.child("/plugins", kind);
      var plugin = entry.getValue();
      var known = ManifestSchema.KINDS.get(kind);
      if (known == null || plugin.isNull() || kind.equals("quality")) {
        continue;
      }
      var type = plugin.path("type").asText("");
      var deployable = catalog.systems(kind);
      var config = deployable.contains(type) ? catalog.config(type) : null;
      var pluginShape = ManifestSchema.plugin(config == null ? new Anything() : config);
      shape = shape.with(kind, pluginShape);
      check.check(plugin, pluginShape, pointer);
      if (!(plugin.path("type") instanceof TextNode)) {
        continue;
      }
      if (config != null) {
        unused(plugin, type, pointer, check);
        var before = kindOf.putIfAbsent(type, kind);
        if (before != null) {
          check.error(
              pointer + "/type",
              "%s fills %s already; one system can fill one kind".formatted(type, before));
        }
      } else if (known.elsewhere().contains(type)) {
        check.warn(pointer, "%s is not deployed by floe: kept, but not used".formatted(type));
      } else {
        var systems = new TreeSet<>(known.elsewhere());
        systems.addAll(deployable);
        check.error(
            pointer + "/type",
            "unknown system '%s'%s; known for %s are %s"
                .formatted(
                    ShapeCheck.shown(type),
                    ShapeCheck.meant(type, systems),
                    kind,
                    String.join(", ", systems)));
      }
    }
    return shape;
  }

  /** Tells what bears on nothing, because floe runs the system itself. */
  private void unused(JsonNode plugin, String type, String pointer, ShapeCheck check) {
    var deployed = catalog.version(type);
    if (plugin.hasNonNull("version") && !plugin.path("version").asText().equals(deployed)) {
      check.warn(
          pointer + "/version", "kept, but not used: floe deploys %s %s".formatted(type, deployed));
    }
    if (plugin.hasNonNull("connection_secret_ref")) {
      check.warn(
          pointer + "/connection_secret_ref",
          "kept, but not used: floe makes the Secrets of %s itself".formatted(type));
    }
  }

  /**
   * @return what the services may look like
   */
  private Shape services(ObjectNode tree, ShapeCheck check) {
    var services = tree.path("services");
    var shape = Shape.fields();
    for (var system : new TreeSet<>(catalog.systems())) {
      shape = shape.with(system, ManifestSchema.service());
    }
    if (services.isMissingNode() || services.isNull()) {
      return shape;
    }
    check.check(services, shape, "/services");
    for (var entry : services.properties()) {
      var system = entry.getKey();
      if (catalog.systems().contains(system)
          && !catalog.runs(system)
          && !entry.getValue().isEmpty()) {
        check.warn(
            SourceTree.child("/services", system),
            "kept, but not used: %s has no workload of its own".formatted(system));
      } else if (entry.getValue().has("replicas")
          && catalog.systems().contains(system)
          && !catalog.scales(system)) {
        check.warn(
            SourceTree.child(SourceTree.child("/services", system), "replicas"),
            "kept, but not used: %s runs with one replica".formatted(system));
      }
      var pointer = SourceTree.child("/services", system);
      preset(tree, check, entry.getValue(), pointer);
      for (var workload : entry.getValue().path("workloads").properties()) {
        var at = SourceTree.child(pointer + "/workloads", workload.getKey());
        preset(tree, check, workload.getValue(), at);
      }
    }
    return shape;
  }

  private static void preset(ObjectNode tree, ShapeCheck check, JsonNode sized, String pointer) {
    var preset = sized.path("preset");
    if (!preset.isTextual()) {
      return;
    }
    var presets = tree.path("resource_presets");
    if (!presets.has(preset.asText())) {
      var known = presets.properties().stream().map(java.util.Map.Entry::getKey).sorted().toList();
      check.error(
          pointer + "/preset",
          "no preset '%s' in resource_presets%s"
              .formatted(
                  ShapeCheck.shown(preset.asText()), ShapeCheck.meant(preset.asText(), known)));
    }
    if (sized.has("resources")) {
      check.error(pointer + "/preset", "write either preset or resources, not both");
    }
  }

  private static void domains(ObjectNode tree, ShapeCheck check) {
    var platform = tree.at("/metadata/name").asText();
    var domainOf = new HashMap<String, String>();
    for (var entry : tree.path("domains").properties()) {
      var domain = entry.getKey();
      var pointer = SourceTree.child("/domains", domain);
      var namespace = entry.getValue().path("namespace").asText(domain);
      if (RESERVED_NAMESPACES.contains(namespace)
          || namespace.startsWith("kube-")
          || namespace.equals("floe-" + platform)) {
        check.error(
            pointer,
            "the namespace %s belongs to others; choose another"
                .formatted(ShapeCheck.shown(namespace)));
      }
      var before = domainOf.putIfAbsent(namespace, domain);
      if (before != null) {
        check.error(
            pointer,
            "the namespace %s is that of the domain %s"
                .formatted(ShapeCheck.shown(namespace), ShapeCheck.shown(before)));
      }
    }
  }

  private static void scope(ObjectNode tree, ShapeCheck check) {
    var scope = tree.path("scope").asText("");
    boolean parent = tree.hasNonNull("parent_manifest");
    if (scope.equals("domain") && !parent) {
      check.error("/scope", "scope domain needs parent_manifest");
    } else if (!scope.equals("domain") && parent) {
      check.error("/parent_manifest", "only a manifest of scope domain has a parent");
    } else if (parent) {
      check.warn("/parent_manifest", "kept, but not inherited from yet");
    }
    for (var enterprise : List.of("approved_plugins", "approved_sinks")) {
      if (tree.hasNonNull(enterprise) && !scope.equals("enterprise")) {
        check.keyError("/" + enterprise, "stands in manifests of scope enterprise alone");
      }
    }
    if (tree.hasNonNull("approved_products") && !scope.equals("domain")) {
      check.keyError("/approved_products", "stands in manifests of scope domain alone");
    }
  }

  private static ObjectNode withoutNulls(ObjectNode tree) {
    var copy = tree.deepCopy();
    copy.properties().removeIf(entry -> entry.getValue().isNull());
    copy.path("plugins").properties().removeIf(entry -> !entry.getValue().has("type"));
    return copy;
  }
}
