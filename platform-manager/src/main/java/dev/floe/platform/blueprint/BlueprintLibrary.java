package dev.floe.platform.blueprint;

import dev.floe.platform.manifest.Shape;
import dev.floe.platform.manifest.SystemCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every blueprint that floe knows, read from the class path once. */
public final class BlueprintLibrary implements SystemCatalog {
  private static final String ROOT = "blueprints/";

  /** Lists the folders: a native executable has no folders to look into. */
  private static final String INDEX = "index";

  private final Map<String, Blueprint> blueprints;

  private BlueprintLibrary(Map<String, Blueprint> blueprints) {
    this.blueprints = blueprints;
  }

  /** Reads the blueprints that floe comes with. */
  public static BlueprintLibrary load() {
    var blueprints = new LinkedHashMap<String, Blueprint>();
    resource(INDEX)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(system ->
            blueprints.put(
                system, new BlueprintReader(system, file -> resource(system + "/" + file)).read()));
    return new BlueprintLibrary(blueprints);
  }

  /** A file of a blueprint's folder, as text. */
  public static String resource(String path) {
    try (var in = BlueprintLibrary.class.getClassLoader().getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new BlueprintException("no resource " + ROOT + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blueprint of a system. */
  public Optional<Blueprint> find(String system) {
    return Optional.ofNullable(blueprints.get(system));
  }

  /** A blueprint that provides a capability; where several do, the first in the index. */
  public Optional<Blueprint> provider(String capability) {
    return all().stream().filter(one -> one.provides().contains(capability)).findFirst();
  }

  public Collection<Blueprint> all() {
    return blueprints.values();
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
