package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.Bindings.Binding;
import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.platform.Manifest;
import dev.floe.contract.platform.Manifest.Domain;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.Blueprint;
import dev.floe.platform.blueprint.Blueprint.BlueprintObject;
import dev.floe.platform.blueprint.Blueprint.RuntimeBlueprint;
import dev.floe.platform.blueprint.BlueprintException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.blueprint.TreeTemplate;
import dev.floe.platform.manifest.InlineSecret;
import dev.floe.platform.manifest.ParsedManifest;
import dev.floe.platform.plan.ComponentOrder.Chosen;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.plan.Plan.SecretCopy;
import dev.floe.platform.plan.Plan.SecretName;
import dev.floe.platform.plan.Plan.SecretPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a manifest into a plan. Pure: the same inputs always give the same plan. */
public final class Planner {
  /** Prefix of a platform's namespace. */
  public static final String NAMESPACE_PREFIX = "floe-";

  /** Most objects of one platform: each is applied and looked at one by one. */
  private static final int OBJECTS_MAX = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final BlueprintLibrary library;
  private final PlanSettings settings;

  public Planner(BlueprintLibrary library, PlanSettings settings) {
    this.library = library;
    this.settings = settings;
  }

  /** The platform's own namespace. */
  public static String namespace(String platform) {
    return NAMESPACE_PREFIX + platform;
  }

  private String namespaceOf(String platform) {
    return settings.namespace() == null ? namespace(platform) : settings.namespace();
  }

  public Plan plan(ParsedManifest parsed) {
    var manifest = parsed.manifest();
    var platform = manifest.metadata().name();
    var exports = NODES.objectNode();
    var components = new ArrayList<PlannedComponent>();
    var leftOut = new ArrayList<String>();
    var scopes = new LinkedHashMap<Chosen, ObjectNode>();
    for (var chosen : ComponentOrder.of(manifest, library)) {
      scopes.put(chosen, scope(manifest, chosen, exports));
    }
    var contributions = contributions(scopes);
    for (var chosen : scopes.entrySet()) {
      var scope = chosen.getValue();
      scope.putObject("contributions");
      for (var kind : chosen.getKey().blueprint().collects().keySet()) {
        scope
            .withObject("/contributions")
            .set(kind, contributions.getOrDefault(kind, NODES.arrayNode()));
      }
      components.add(component(manifest, chosen.getKey(), scope, leftOut));
    }
    bounded(components);
    return new Plan(
        platform,
        settings.runtime(),
        namespaceOf(platform),
        components,
        domains(manifest, components),
        parsed.secrets().stream().map(InlineSecret::secret).distinct().sorted().toList(),
        leftOut,
        false);
  }

  private static void bounded(List<PlannedComponent> components) {
    int objects = components.stream().mapToInt(component -> component.objects().size()).sum();
    if (objects > OBJECTS_MAX) {
      throw FloeException.invalid(
          "/plugins",
          "asks for %d objects; the maximum is %d in one platform".formatted(objects, OBJECTS_MAX));
    }
  }

  /** What all components contribute, by kind, in the order of the components. */
  private Map<String, ArrayNode> contributions(Map<Chosen, ObjectNode> scopes) {
    var contributions = new HashMap<String, ArrayNode>();
    for (var chosen : scopes.entrySet()) {
      var blueprint = chosen.getKey().blueprint();
      var contributes = blueprint.runtime(settings.runtime()).contributes();
      for (var kind : TreeTemplate.fill(contributes, chosen.getValue()).properties()) {
        var all = contributions.computeIfAbsent(kind.getKey(), name -> NODES.arrayNode());
        for (var item : kind.getValue()) {
          all.add(((ObjectNode) item).put("component", blueprint.system()));
        }
      }
    }
    return contributions;
  }

  /** What a component's placeholders refer to; its exports are added to those of the others. */
  private ObjectNode scope(Manifest manifest, Chosen chosen, ObjectNode exports) {
    var blueprint = chosen.blueprint();
    if (!blueprint.runtimes().containsKey(settings.runtime())) {
      throw FloeException.invalid(
          "/plugins/" + chosen.kind(),
          "%s does not run on %s".formatted(blueprint.system(), settings.runtime()));
    }
    var runtime = blueprint.runtime(settings.runtime());
    var scope = scope(manifest, blueprint, exports);
    ports(blueprint.system(), runtime, scope);
    exports.set(blueprint.system(), TreeTemplate.fill(runtime.exports(), scope));
    return scope;
  }

  private PlannedComponent component(
      Manifest manifest, Chosen chosen, ObjectNode scope, List<String> leftOut) {
    var blueprint = chosen.blueprint();
    var runtime = blueprint.runtime(settings.runtime());
    var objects = new ArrayList<ObjectNode>();
    for (var object : runtime.objects()) {
      if (object.ifKind() != null && !settings.kinds().test(object.ifKind())) {
        leftOut.add(
            "%s of %s is left out: the cluster does not serve %s"
                .formatted(object.file(), blueprint.system(), object.ifKind()));
        continue;
      }
      if (object.forEach() == null) {
        object(object, scope).ifPresent(objects::add);
      } else {
        for (var item : TreeTemplate.lookup(object.forEach(), scope)) {
          object(object, TreeTemplate.inside(scope, item)).ifPresent(objects::add);
        }
      }
    }
    var service = manifest.services().get(blueprint.system());
    var scale = runtime.scale() == null ? null : text(runtime.scale(), scope);
    var patched =
        new ObjectPatches(
                manifest,
                blueprint,
                blueprint.system(),
                settings.runtime(),
                namespaceOf(manifest.metadata().name()),
                service,
                scale)
            .apply(objects);
    var secrets = new ArrayList<PlannedSecret>();
    for (var secret : blueprint.secrets()) {
      secrets.add(secret(TreeTemplate.fill(secret, scope)));
    }
    var bindings = bindings(manifest.metadata().name(), blueprint.system(), runtime, scope);
    if (library.isOwn(blueprint.system())) {
      SecretRules.check(manifest, chosen, scope.path("requires"), patched, secrets, bindings);
    }
    return new PlannedComponent(
        blueprint.system(),
        chosen.kind(),
        blueprint.system(),
        blueprint.version(),
        chosen.after(),
        patched,
        secrets,
        bindings,
        runtime.url() == null ? null : text(runtime.url(), scope));
  }

  private ObjectNode scope(Manifest manifest, Blueprint blueprint, ObjectNode exports) {
    var platform = manifest.metadata().name();
    var system = blueprint.system();
    var scope = settings.facts().deepCopy();
    scope
        .putObject("platform")
        .put("name", platform)
        .put("version", manifest.metadata().version())
        .put("namespace", namespaceOf(platform));
    scope.putObject("component").put("name", system);
    var domains = scope.putArray("domains");
    new TreeMap<>(manifest.domains())
        .forEach((name, domain) ->
            domains.addObject().put("name", name).put("namespace", namespaceOf(name, domain)));
    var config = blueprint.configDefaults().deepCopy();
    manifest.plugins().values().stream()
        .filter(plugin -> system.equals(plugin.type()))
        .findFirst()
        .ifPresent(plugin -> {
          var chosen = (ObjectNode) JSON.valueToTree(plugin.config());
          chosen.properties().removeIf(entry -> entry.getValue().isNull());
          config.setAll(chosen);
        });
    scope.set("config", config);
    scope.set("images", images(manifest, blueprint));
    var requires = scope.putObject("requires");
    for (var capability : blueprint.requires()) {
      for (var provider : library.all()) {
        if (provider.provides().contains(Blueprint.plain(capability))
            && exports.has(provider.system())) {
          requires.set(Blueprint.plain(capability), exports.get(provider.system()));
        }
      }
    }
    return scope;
  }

  private ObjectNode images(Manifest manifest, Blueprint blueprint) {
    var artifacts = manifest.artifacts();
    var uri = artifacts == null || artifacts.registry() == null ? null : artifacts.registry().uri();
    var registry =
        uri == null ? settings.registry() : uri.substring("oci://".length()).replaceAll("/+$", "");
    var images = NODES.objectNode();
    blueprint.images().forEach((name, image) -> images.put(name, registry + "/" + image));
    var service = manifest.services().get(blueprint.system());
    if (service != null && service.image() != null) {
      images.put("main", service.image());
    }
    return images;
  }

  private void ports(String system, RuntimeBlueprint runtime, ObjectNode scope) {
    var ports = scope.putObject("ports");
    for (var request : runtime.ports()) {
      if (request.forEach() == null) {
        ports.put(request.name(), settings.ports().port(system, request.name()));
        continue;
      }
      for (var item : TreeTemplate.lookup(request.forEach(), scope)) {
        var name = text(request.name(), TreeTemplate.inside(scope, item));
        ((ObjectNode) item).put("port", settings.ports().port(system, name));
      }
    }
  }

  /** Empty where its condition is not met. */
  private static Optional<ObjectNode> object(BlueprintObject object, ObjectNode scope) {
    if (object.when() != null && !TreeTemplate.isPresent(object.when(), scope)) {
      return Optional.empty();
    }
    try {
      return Optional.of((ObjectNode) TreeTemplate.fill(object.tree(), scope));
    } catch (BlueprintException e) {
      throw new BlueprintException(object.file() + ": " + e.getMessage(), e);
    }
  }

  private static String text(String template, ObjectNode scope) {
    return TreeTemplate.fill(NODES.textNode(template), scope).asText();
  }

  private static PlannedSecret secret(JsonNode secret) {
    var generate = new TreeMap<String, Integer>();
    var values = new TreeMap<String, String>();
    var compose = new TreeMap<String, List<SecretPart>>();
    for (var key : secret.path("keys").properties()) {
      if (key.getValue().has("generate")) {
        generate.put(key.getKey(), key.getValue().path("generate").asInt());
      } else if (key.getValue().has("compose")) {
        compose.put(key.getKey(), parts(key.getValue().path("compose")));
      } else {
        values.put(key.getKey(), key.getValue().path("value").asText());
      }
    }
    var from = secret.path("from");
    return new PlannedSecret(
        secret.path("name").asText(),
        generate,
        values,
        compose,
        from.isMissingNode()
            ? null
            : new SecretName(from.path("namespace").asText(), from.path("name").asText()),
        from.path("firstLine").asBoolean());
  }

  private static List<SecretPart> parts(JsonNode compose) {
    var parts = new ArrayList<SecretPart>();
    for (var part : compose) {
      parts.add(
          part.isObject()
              ? new SecretPart(null, part.path("key").asText())
              : new SecretPart(part.asText(), null));
    }
    return parts;
  }

  private static List<Binding> bindings(
      String platform, String component, RuntimeBlueprint runtime, ObjectNode scope) {
    var bindings = new ArrayList<Binding>();
    for (var template : runtime.bindings()) {
      var binding = TreeTemplate.fill(template, scope);
      var env = new ArrayList<EnvVar>();
      for (var variable : (ArrayNode) binding.path("env")) {
        var reference = variable.path("secretRef");
        env.add(
            reference.isMissingNode()
                ? EnvVar.of(variable.path("name").asText(), variable.path("value").asText())
                : EnvVar.secret(
                    variable.path("name").asText(),
                    copyName(platform, reference.path("name").asText()),
                    reference.path("key").asText()));
      }
      bindings.add(new Binding(binding.path("name").asText(), component, env));
    }
    return bindings;
  }

  /** What a Secret of the platform is called in a domain's namespace. */
  static String copyName(String platform, String secret) {
    return platform + "-" + secret;
  }

  /** The Secrets that jobs inherit from components. */
  static List<SecretCopy> copies(String platform, List<PlannedComponent> components) {
    var names = new TreeSet<String>();
    for (var component : components) {
      for (var binding : component.bindings()) {
        for (var variable : binding.env()) {
          if (variable.secretRef() != null) {
            names.add(variable.secretRef().name());
          }
        }
      }
    }
    var copies = new ArrayList<SecretCopy>();
    names.forEach(name -> copies.add(new SecretCopy(name.substring(platform.length() + 1), name)));
    return copies;
  }

  private static List<PlannedDomain> domains(Manifest manifest, List<PlannedComponent> components) {
    var copies = copies(manifest.metadata().name(), components);
    var domains = new HashMap<String, PlannedDomain>();
    manifest
        .domains()
        .forEach((name, domain) ->
            domains.put(name, new PlannedDomain(name, namespaceOf(name, domain), copies)));
    return new TreeMap<>(domains).values().stream().toList();
  }

  private static String namespaceOf(String name, @Nullable Domain domain) {
    return domain == null || domain.namespace() == null ? name : domain.namespace();
  }
}
