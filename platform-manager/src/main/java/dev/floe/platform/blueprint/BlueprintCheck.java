package dev.floe.platform.blueprint;

import static dev.floe.platform.blueprint.BlueprintFile.child;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.platform.blueprint.ScopeType.Entry;
import dev.floe.platform.blueprint.ScopeType.Mapping;
import dev.floe.platform.blueprint.ScopeType.Scalar;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds one blueprint against the library that it is in: every placeholder, every requirement. */
final class BlueprintCheck {
  private final Blueprint blueprint;

  private static final Pattern KIND =
      Pattern.compile("([a-z0-9.-]+/)?v[0-9][a-z0-9]*/[A-Z][A-Za-z0-9]*");

  /** A hash is added, and pods carry the name as a label. */
  private static final int JOB_NAME_MAX = 54;

  private final Map<String, BlueprintFile> files;
  private final Collection<Blueprint> library;
  private final BlueprintFile main;

  /**
   * @param files by their names in the folder
   * @param library all blueprints, this one too
   */
  BlueprintCheck(
      Blueprint blueprint, Map<String, BlueprintFile> files, Collection<Blueprint> library) {
    this.blueprint = blueprint;
    this.files = files;
    this.library = library;
    var found = files.get(BlueprintReader.BLUEPRINT);
    if (found == null) {
      throw new IllegalArgumentException(
          blueprint.system() + " has no " + BlueprintReader.BLUEPRINT);
    }
    this.main = found;
  }

  void check() {
    var requires = main.root().path("requires");
    for (int i = 0; i < requires.size(); i++) {
      var capability = requires.get(i).asText();
      if (providers(Blueprint.plain(capability)).isEmpty()) {
        main.problem(child("/requires", i), "nothing provides " + Blueprint.plain(capability));
      }
    }
    for (var kind : blueprint.collects().entrySet()) {
      var others = keys(kind.getKey());
      if (others != null && !others.equals(kind.getValue())) {
        main.problem(
            child("/collects", kind.getKey()),
            "another blueprint collects %s with the keys %s; both must have the same"
                .formatted(kind.getKey(), BlueprintFile.sorted(others)));
      }
    }
    for (var runtime : blueprint.runtimes().keySet()) {
      runtime(runtime);
    }
  }

  /** What a contribution of a kind has, by the first blueprint that collects it; null for none. */
  private @Nullable Set<String> keys(String kind) {
    return library.stream()
        .map(one -> one.collects().get(kind))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void contributions(JsonNode tree, String pointer) {
    for (var kind : tree.properties()) {
      var at = child(pointer, kind.getKey());
      var keys = keys(kind.getKey());
      if (keys == null) {
        main.problem(at, "no blueprint collects " + kind.getKey());
        continue;
      }
      for (int i = 0; i < kind.getValue().size(); i++) {
        var item = kind.getValue().get(i);
        boolean loops = item.has("$do");
        var place = loops ? child(child(at, i), "$do") : child(at, i);
        var contribution = loops ? item.path("$do") : item;
        main.known(contribution, place, keys);
        for (var key : keys) {
          if (contribution.isObject() && !contribution.has(key)) {
            main.problem(place, "the key '%s' is missing".formatted(key));
          }
        }
      }
    }
  }

  private void runtime(String runtime) {
    var tree = main.root().path(runtime);
    var pointer = "/" + runtime;
    var check = new PlaceholderCheck(main);
    var scope = scope(runtime);
    var secrets = main.root().path("secrets");
    check.check(secrets, "/secrets", scope);
    for (int i = 0; i < secrets.size(); i++) {
      composed(secrets.get(i).path("keys"), child(child("/secrets", i), "keys"));
    }
    for (var part : List.of("exports", "contributes", "bindings", "scale", "url")) {
      check.check(tree.path(part), child(pointer, part), scope);
    }
    contributions(tree.path("contributes"), child(pointer, "contributes"));
    var ports = tree.path("ports");
    for (int i = 0; i < ports.size(); i++) {
      var at = child(child(pointer, "ports"), i);
      check.check(ports.get(i).path("name"), at, within(check, ports.get(i), at, scope));
    }
    var objects = tree.path("objects");
    for (int i = 0; i < objects.size(); i++) {
      var at = child(child(pointer, "objects"), i);
      var object = objects.get(i);
      var name = runtime + "/" + (object.isTextual() ? object : object.path("file")).asText();
      var inner = within(check, object, at, scope);
      if (object.has("when")) {
        check.condition(object.path("when").asText(), child(at, "when"), inner);
      }
      if (object.has("ifKind")) {
        ifKind(object.path("ifKind").asText(), child(at, "ifKind"), runtime);
      }
      var file = files.get(name);
      if (file != null) {
        new PlaceholderCheck(file).check(file.root(), "", inner);
        if (file.root().path("kind").asText().equals("Job")) {
          job(file, runtime);
        }
      }
    }
  }

  /** What a composed value is made of: texts, and other values of its Secret. */
  private void composed(JsonNode keys, String pointer) {
    for (var key : keys.properties()) {
      var compose = key.getValue().path("compose");
      var at = child(child(pointer, key.getKey()), "compose");
      if (!compose.isMissingNode() && !compose.isArray()) {
        main.problem(at, "must be a list of texts and {key: KEY}");
      }
      for (int i = 0; i < compose.size(); i++) {
        var part = compose.get(i);
        if (part.isObject()) {
          var other = part.path("key").asText();
          if (!keys.has(other) || keys.path(other).has("compose")) {
            main.problem(
                child(at, i),
                "'%s' is no other value of the Secret that stands alone".formatted(other));
          }
        } else if (!part.isValueNode()) {
          main.problem(child(at, i), "must be text, or {key: KEY}");
        }
      }
    }
  }

  private void ifKind(String kind, String pointer, String runtime) {
    if (!runtime.equals("kubernetes")) {
      main.problem(pointer, "one machine has no kinds");
    } else if (!KIND.matcher(kind).matches()) {
      main.problem(
          pointer,
          "must be group/version/Kind, for example monitoring.coreos.com/v1/ServiceMonitor");
    }
  }

  private static void job(BlueprintFile file, String runtime) {
    if (!runtime.equals("kubernetes")) {
      file.problem("/kind", "Jobs run on Kubernetes alone");
      return;
    }
    var policy = file.root().at("/spec/template/spec/restartPolicy").asText();
    if (!policy.equals("Never") && !policy.equals("OnFailure")) {
      file.problem(
          "/spec/template/spec/restartPolicy", "restartPolicy of a Job must be Never or OnFailure");
    }
    if (file.root().path("spec").has("ttlSecondsAfterFinished")) {
      file.problem(
          "/spec/ttlSecondsAfterFinished",
          "leave it out: a Job that is gone would run again; floe deletes former ones");
    }
    if (file.root().at("/metadata/name").asText().length() > JOB_NAME_MAX) {
      file.problem(
          "/metadata/name", "the name of a Job may have %d characters".formatted(JOB_NAME_MAX));
    }
  }

  /** The scope of what is repeated. */
  private static Mapping within(
      PlaceholderCheck check, JsonNode item, String pointer, Mapping scope) {
    return item.has("forEach")
        ? check.inside(item.path("forEach").asText(), child(pointer, "forEach"), scope)
        : scope;
  }

  private Mapping scope(String runtime) {
    boolean local = runtime.equals("local");
    var scope =
        ScopeType.mapping()
            .with("platform", ScopeType.scalars("name", "version", "namespace"))
            .with("component", ScopeType.scalars("name"))
            .with("suite", ScopeType.scalars("namespace", "jobLauncherUrl", "otlpEndpoint"))
            .with("config", config(local))
            .with("images", ScopeType.scalars(blueprint.images().keySet().toArray(String[]::new)))
            .with("requires", requires(runtime))
            .with("contributions", contributions())
            .with("domains", new ScopeType.Several(ScopeType.scalars("name", "namespace")));
    return local
        ? scope.with("local", ScopeType.scalars("home", "tokenFile")).with("ports", ports())
        : scope;
  }

  /** What others contribute, each with the component that it comes from. */
  private Mapping contributions() {
    var contributions = ScopeType.mapping();
    for (var kind : blueprint.collects().entrySet()) {
      var item = ScopeType.scalars(kind.getValue().toArray(String[]::new));
      contributions =
          contributions.with(
              kind.getKey(), new ScopeType.Several(item.with("component", new Scalar())));
    }
    return contributions;
  }

  /** The config; a port is given to each item of a list for which one is asked. */
  private Mapping config(boolean local) {
    var defaults = new HashSet<String>();
    blueprint.configDefaults().fieldNames().forEachRemaining(defaults::add);
    var config = (Mapping) ScopeType.of(blueprint.configShape(), defaults);
    if (local) {
      for (var port : blueprint.runtime("local").ports()) {
        var list = port.forEach() == null ? "" : port.forEach().replaceFirst("^config\\.", "");
        var entry = config.entries().get(list);
        if (entry != null
            && entry.type() instanceof ScopeType.Several several
            && several.item() instanceof Mapping item) {
          config =
              config.with(
                  list,
                  new Entry(
                      new ScopeType.Several(item.with("port", new Scalar())), entry.optional()));
        }
      }
    }
    return config;
  }

  private Mapping ports() {
    return ScopeType.scalars(
        blueprint.runtime("local").ports().stream()
            .filter(port -> port.forEach() == null)
            .map(Blueprint.PortRequest::name)
            .toArray(String[]::new));
  }

  /** What every provider of a capability exports in a runtime. */
  private Mapping requires(String runtime) {
    var requires = ScopeType.mapping();
    for (var capability : blueprint.requires()) {
      @Nullable Set<String> exported = null;
      for (var provider : providers(Blueprint.plain(capability))) {
        var there = provider.runtimes().get(runtime);
        var names = new TreeSet<String>();
        if (there != null) {
          there.exports().fieldNames().forEachRemaining(names::add);
        }
        if (exported == null) {
          exported = names;
        } else {
          exported.retainAll(names);
        }
      }
      var names = exported == null ? Set.<String>of() : exported;
      requires =
          requires.with(
              Blueprint.plain(capability),
              new Entry(
                  ScopeType.scalars(names.toArray(String[]::new)),
                  Blueprint.isOptional(capability)));
    }
    return requires;
  }

  private List<Blueprint> providers(String capability) {
    return library.stream().filter(one -> one.provides().contains(capability)).toList();
  }
}
