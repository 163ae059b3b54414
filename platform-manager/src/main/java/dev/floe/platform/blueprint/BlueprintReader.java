package dev.floe.platform.blueprint;

import static dev.floe.platform.blueprint.BlueprintFile.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.BlueprintProblem;
import dev.floe.platform.blueprint.Blueprint.BlueprintObject;
import dev.floe.platform.blueprint.Blueprint.PortRequest;
import dev.floe.platform.blueprint.Blueprint.RuntimeBlueprint;
import dev.floe.platform.manifest.ManifestSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the folder of one blueprint, and names everything in it that is wrong. */
final class BlueprintReader {
  /** The format of blueprints that is read. */
  static final String FORMAT = "floe.dev/v1";

  static final String BLUEPRINT = "blueprint.yaml";
  private static final List<String> RUNTIMES = List.of("kubernetes", "local");

  static final Set<String> KEYS =
      Set.of(
          "blueprint",
          "system",
          "version",
          "kinds",
          "provides",
          "requires",
          "collects",
          "images",
          "config",
          "secrets",
          "kubernetes",
          "local");
  static final Set<String> RUNTIME_KEYS =
      Set.of("objects", "exports", "contributes", "bindings", "ports", "scale", "url");
  private static final Set<String> OBJECT_KEYS = Set.of("file", "forEach", "when", "ifKind");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?");
  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9]+([._/-]+[a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?");
  private static final Pattern RAW =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,2}");
  private static final String FILE = "$file";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String system;
  private final Function<String, @Nullable String> files;
  private final List<BlueprintProblem> problems;
  private final @Nullable BlueprintFile systems;
  private final Map<String, BlueprintFile> read = new HashMap<>();

  /**
   * @param files gives the text of a file of the folder; null where there is none
   * @param problems to which everything that is wrong is added
   * @param systems where the versions and images of all systems stand; null where this one's stand
   *     in its own file
   */
  BlueprintReader(
      String system,
      Function<String, @Nullable String> files,
      List<BlueprintProblem> problems,
      @Nullable BlueprintFile systems) {
    this.system = system;
    this.files = files;
    this.problems = problems;
    this.systems = systems;
  }

  /** Empty when there is none, or none that can be used at all. */
  Optional<Blueprint> read() {
    var found = file(BLUEPRINT, null, "");
    return found.map(file -> blueprint(file, file.root()));
  }

  private Blueprint blueprint(BlueprintFile file, JsonNode tree) {
    file.known(tree, "", KEYS);
    expected(file, "blueprint", FORMAT);
    expected(file, "system", system);
    if (!NAME.matcher(system).matches()) {
      file.problem(
          "/system", "must be lower-case letters, digits and hyphens, at most 30 characters");
    }
    kinds(file);
    if (systems != null) {
      for (var key : List.of("version", "images")) {
        if (tree.has(key)) {
          file.problem("/" + key, "stands in " + systems.name());
        }
      }
    }
    var versions = systems == null ? file : systems;
    var at = systems == null ? "" : child("", system);
    if (!versions.root().at(at + "/version").isTextual()) {
      versions.problem(at + "/version", "the version of the system is missing: text, in quotes");
    }
    var config = new ConfigSchema(file);
    var runtimes = new LinkedHashMap<String, RuntimeBlueprint>();
    for (var runtime : RUNTIMES) {
      if (tree.has(runtime)) {
        runtimes.put(runtime, runtime(file, tree.path(runtime), runtime));
      }
    }
    if (runtimes.isEmpty()) {
      file.problem("", "says of no runtime how it runs there: kubernetes or local");
    }
    return new Blueprint(
        system,
        versions.root().at(at + "/version").asText(),
        words(file, "kinds"),
        words(file, "provides"),
        words(file, "requires"),
        collects(file),
        images(versions, at + "/images"),
        config.fields(tree.path("config"), "/config"),
        ConfigSchema.defaults(tree.path("config")),
        list(tree.path("secrets")),
        runtimes);
  }

  private static void expected(BlueprintFile file, String key, String value) {
    var written = file.root().path(key);
    if (!written.asText().equals(value)) {
      file.problem(
          "/" + key,
          written.isMissingNode()
              ? "the key '%s' is missing: write %s: %s".formatted(key, key, value)
              : "must be " + value);
    }
  }

  private static void kinds(BlueprintFile file) {
    var known = ManifestSchema.pluginKinds();
    var kinds = file.root().path("kinds");
    for (int i = 0; i < kinds.size(); i++) {
      var kind = kinds.get(i).asText();
      if (!known.contains(kind)) {
        file.problem(
            child("/kinds", i),
            "unknown kind '%s'%s; known are %s"
                .formatted(kind, BlueprintFile.meant(kind, known), BlueprintFile.sorted(known)));
      }
    }
    if (kinds.isEmpty() && file.root().path("provides").isEmpty()) {
      file.problem("", "nothing can ask for it: give it kinds, or something that it provides");
    }
  }

  private static Set<String> words(BlueprintFile file, String key) {
    return new TreeSet<>(file.texts(file.root().path(key), "/" + key));
  }

  private static Map<String, Set<String>> collects(BlueprintFile file) {
    var collects = new HashMap<String, Set<String>>();
    for (var kind : file.root().path("collects").properties()) {
      var at = child("/collects", kind.getKey());
      collects.put(kind.getKey(), new TreeSet<>(file.texts(kind.getValue(), at)));
    }
    return collects;
  }

  private static Map<String, String> images(BlueprintFile file, String pointer) {
    var images = new HashMap<String, String>();
    for (var image : file.root().at(pointer).properties()) {
      images.put(image.getKey(), image.getValue().asText());
      if (!IMAGE.matcher(image.getValue().asText()).matches()) {
        file.problem(
            child(pointer, image.getKey()),
            "must be repository:tag, after it @sha256: and the digest where it is pinned");
      }
    }
    return images;
  }

  private RuntimeBlueprint runtime(BlueprintFile file, JsonNode tree, String runtime) {
    var pointer = "/" + runtime;
    file.known(tree, pointer, RUNTIME_KEYS);
    var ports = new ArrayList<PortRequest>();
    for (var port : tree.path("ports")) {
      ports.add(
          port.isTextual()
              ? new PortRequest(port.asText(), null)
              : new PortRequest(port.path("name").asText(), text(port.path("forEach"))));
    }
    return new RuntimeBlueprint(
        objects(file, tree.path("objects"), pointer + "/objects", runtime),
        tree.path("exports") instanceof ObjectNode exports ? exports : JSON.objectNode(),
        contributes(file, tree.path("contributes"), pointer + "/contributes"),
        list(tree.path("bindings")),
        ports,
        text(tree.path("scale")),
        text(tree.path("url")));
  }

  private ObjectNode contributes(BlueprintFile file, JsonNode tree, String pointer) {
    if (!(tree instanceof ObjectNode contributes)) {
      return JSON.objectNode();
    }
    for (var kind : contributes.properties()) {
      if (!kind.getValue().isArray()) {
        file.problem(child(pointer, kind.getKey()), "must be a list");
      }
    }
    takeIn(file, contributes, pointer);
    return contributes;
  }

  private List<BlueprintObject> objects(
      BlueprintFile file, JsonNode list, String pointer, String runtime) {
    var objects = new ArrayList<BlueprintObject>();
    for (int i = 0; i < list.size(); i++) {
      var at = child(pointer, i);
      var object = list.get(i);
      if (!object.isTextual()) {
        file.known(object, at, OBJECT_KEYS);
      }
      var name = runtime + "/" + (object.isTextual() ? object : object.path("file")).asText();
      file(name, file, at)
          .ifPresent(found -> {
            if (!found.root().path("kind").isTextual()) {
              found.problem("", "an object needs a kind");
            }
            takeIn(found, found.root(), "");
            objects.add(
                new BlueprintObject(
                    name,
                    text(object.path("forEach")),
                    text(object.path("when")),
                    text(object.path("ifKind")),
                    found.root()));
          });
    }
    return objects;
  }

  /** Puts the texts of files in the place of {@code {$file: …}}, as they are. */
  private void takeIn(BlueprintFile file, JsonNode node, String pointer) {
    if (node instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        var at = child(pointer, entry.getKey());
        if (entry.getValue().has(FILE)) {
          entry.setValue(JSON.textNode(taken(file, entry.getValue(), at)));
        } else {
          takeIn(file, entry.getValue(), at);
        }
      }
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        takeIn(file, list.get(i), child(pointer, i));
      }
    }
  }

  private String taken(BlueprintFile file, JsonNode reference, String pointer) {
    var name = reference.path(FILE).asText();
    var text = RAW.matcher(name).matches() ? files.apply(name) : null;
    if (text == null) {
      file.problem(child(pointer, FILE), "there is no file %s/%s".formatted(system, name));
      return "";
    }
    return TreeTemplate.literal(text);
  }

  /**
   * A file of the folder, read once.
   *
   * @param from the file that names it; null for the first
   */
  private Optional<BlueprintFile> file(String name, @Nullable BlueprintFile from, String pointer) {
    var known = read.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    var text = files.apply(name);
    if (text == null) {
      if (from == null) {
        problems.add(new BlueprintProblem(system + "/" + name, 1, 1, "there is no such file"));
      } else {
        from.problem(pointer, "there is no file %s/%s".formatted(system, name));
      }
      return Optional.empty();
    }
    var found = BlueprintFile.read(system + "/" + name, text, problems);
    found.ifPresent(file -> read.put(name, file));
    return found;
  }

  /** The files that were read, by their names in the folder. */
  Map<String, BlueprintFile> files() {
    return Map.copyOf(read);
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
