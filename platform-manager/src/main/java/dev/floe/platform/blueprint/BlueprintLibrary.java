package dev.floe.platform.blueprint;

import dev.floe.contract.platform.BlueprintProblem;
import dev.floe.platform.manifest.Shape;
import dev.floe.platform.manifest.SystemCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every blueprint that can be deployed: those that floe comes with, and an operator's own. */
public final class BlueprintLibrary implements SystemCatalog {
  private static final String ROOT = "blueprints/";

  /** The systems that floe comes with: a native executable has no folders to look into. */
  private static final String SYSTEMS = "systems.yaml";

  private final Map<String, Blueprint> blueprints;
  private final Set<String> own;

  private BlueprintLibrary(Map<String, Blueprint> blueprints, Set<String> own) {
    this.blueprints = blueprints;
    this.own = Set.copyOf(own);
  }

  /** Reads the blueprints that floe comes with. */
  public static BlueprintLibrary load() {
    return load(BlueprintFolder.none());
  }

  /**
   * Reads the blueprints that floe comes with and those of a folder.
   *
   * @throws BlueprintException naming everything that is wrong, with file, line and column
   */
  public static BlueprintLibrary load(BlueprintFolder folder) {
    var problems = new ArrayList<BlueprintProblem>();
    var library = read(folder, problems);
    if (!problems.isEmpty()) {
      throw new BlueprintException(problems);
    }
    return library;
  }

  /** Everything that is wrong with the blueprints of a folder, in the order of their files. */
  public static List<BlueprintProblem> problems(BlueprintFolder folder) {
    var problems = new ArrayList<BlueprintProblem>();
    read(folder, problems);
    return List.copyOf(problems);
  }

  private static BlueprintLibrary read(BlueprintFolder folder, List<BlueprintProblem> problems) {
    var blueprints = new LinkedHashMap<String, Blueprint>();
    var files = new HashMap<String, Map<String, BlueprintFile>>();
    var systems =
        BlueprintFile.read(SYSTEMS, resource(SYSTEMS), problems)
            .orElseThrow(() -> new BlueprintException(problems));
    var included = new ArrayList<String>();
    systems.root().fieldNames().forEachRemaining(included::add);
    for (var system : included) {
      Function<String, @Nullable String> text = file -> found(system + "/" + file).orElse(null);
      read(system, new BlueprintReader(system, text, problems, systems), blueprints, files);
    }
    for (var system : folder.systems()) {
      if (included.contains(system)) {
        problems.add(
            new BlueprintProblem(
                system + "/" + BlueprintReader.BLUEPRINT,
                1,
                1,
                "floe comes with a blueprint of this name; choose another"));
      } else {
        Function<String, @Nullable String> text = file -> folder.text(system, file);
        read(system, new BlueprintReader(system, text, problems, null), blueprints, files);
      }
    }
    var own = new TreeSet<>(blueprints.keySet());
    included.forEach(own::remove);
    for (var blueprint : blueprints.values()) {
      var read = files.getOrDefault(blueprint.system(), Map.of());
      new BlueprintCheck(blueprint, read, blueprints.values()).check();
      if (own.contains(blueprint.system())) {
        new BlueprintRules(blueprint, read).check();
      }
    }
    problems.sort(
        Comparator.comparing(BlueprintProblem::file)
            .thenComparingInt(BlueprintProblem::line)
            .thenComparingInt(BlueprintProblem::column));
    return new BlueprintLibrary(blueprints, own);
  }

  private static void read(
      String system,
      BlueprintReader reader,
      Map<String, Blueprint> blueprints,
      Map<String, Map<String, BlueprintFile>> files) {
    reader.read().ifPresent(blueprint -> blueprints.put(system, blueprint));
    files.put(system, reader.files());
  }

  /** A file of a blueprint that floe comes with, as text. */
  public static String resource(String path) {
    return found(path).orElseThrow(() -> new BlueprintException("no resource " + ROOT + path));
  }

  private static Optional<String> found(String path) {
    try (var in = BlueprintLibrary.class.getClassLoader().getResourceAsStream(ROOT + path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blueprint of a system. */
  public Optional<Blueprint> find(String system) {
    return Optional.ofNullable(blueprints.get(system));
  }

  /** A blueprint that provides a capability; where several do, the first in systems.yaml. */
  public Optional<Blueprint> provider(String capability) {
    return all().stream().filter(one -> one.provides().contains(capability)).findFirst();
  }

  public Collection<Blueprint> all() {
    return blueprints.values();
  }

  /** Whether a system's blueprint is the operator's own and not one that floe comes with. */
  public boolean isOwn(String system) {
    return own.contains(system);
  }

  @Override
  public Set<String> systems() {
    return Set.copyOf(blueprints.keySet());
  }

  @Override
  public Set<String> systems(String kind) {
    var systems = new TreeSet<String>();
    for (var blueprint : all()) {
      if (blueprint.kinds().contains(kind)) {
        systems.add(blueprint.system());
      }
    }
    return systems;
  }

  @Override
  public @Nullable String version(String system) {
    return find(system).map(Blueprint::version).orElse(null);
  }

  @Override
  public boolean runs(String system) {
    return find(system).stream()
        .flatMap(blueprint -> blueprint.runtimes().values().stream())
        .anyMatch(runtime -> !runtime.objects().isEmpty());
  }

  @Override
  public boolean scales(String system) {
    return find(system).stream()
        .flatMap(blueprint -> blueprint.runtimes().values().stream())
        .anyMatch(runtime -> runtime.scale() != null);
  }

  @Override
  public Shape.@Nullable Fields config(String system) {
    return find(system).map(Blueprint::configShape).orElse(null);
  }
}
