package dev.floe.platform.plan;

import dev.floe.contract.platform.Manifest;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.Blueprint;
import dev.floe.platform.blueprint.BlueprintException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which components a manifest asks for, and which of them each one needs. Pure. */
final class ComponentOrder {
  /** Kind of a component that nobody chose and another component needs. */
  static final String SUPPORT = "support";

  /**
   * A component to be.
   *
   * @param after systems that are ready before it
   */
  record Chosen(String kind, Blueprint blueprint, List<String> after) {}

  private ComponentOrder() {}

  /** Components, each behind those that it needs; apart from that as the manifest has them. */
  static List<Chosen> of(Manifest manifest, BlueprintLibrary library) {
    var kinds = new LinkedHashMap<String, String>();
    manifest
        .plugins()
        .forEach((kind, plugin) ->
            library
                .find(String.valueOf(plugin.type()))
                .filter(blueprint -> blueprint.kinds().contains(kind))
                .filter(blueprint -> enabled(manifest, blueprint.system()))
                .ifPresent(blueprint -> kinds.put(blueprint.system(), kind)));
    for (var system : List.copyOf(kinds.keySet())) {
      require(system, manifest, library, kinds);
    }
    var depths = new LinkedHashMap<String, Integer>();
    kinds.keySet().forEach(system -> depth(system, library, kinds, depths, 0));
    return kinds.keySet().stream()
        .sorted(Comparator.comparing(depths::get))
        .map(system ->
            new Chosen(
                kinds.getOrDefault(system, SUPPORT),
                library.find(system).orElseThrow(),
                providers(system, library, kinds)))
        .toList();
  }

  private static boolean enabled(Manifest manifest, String system) {
    var service = manifest.services().get(system);
    return service == null || !Boolean.FALSE.equals(service.enabled());
  }

  private static void require(
      String system, Manifest manifest, BlueprintLibrary library, Map<String, String> kinds) {
    for (var capability : library.find(system).orElseThrow().requires()) {
      if (Blueprint.isOptional(capability) || provider(capability, library, kinds) != null) {
        continue;
      }
      var support =
          library
              .provider(capability)
              .orElseThrow(() ->
                  new BlueprintException(
                      "nothing provides %s for %s".formatted(capability, system)));
      if (!enabled(manifest, support.system())) {
        throw FloeException.invalid(
            "/services/%s/enabled".formatted(support.system()),
            "%s needs %s, so it cannot be left out".formatted(system, support.system()));
      }
      kinds.put(support.system(), SUPPORT);
      require(support.system(), manifest, library, kinds);
    }
  }

  /** The chosen system that provides a capability; null when there is none. */
  static @org.jspecify.annotations.Nullable String provider(
      String capability, BlueprintLibrary library, Map<String, String> kinds) {
    var plain = Blueprint.plain(capability);
    return kinds.keySet().stream()
        .filter(system -> library.find(system).orElseThrow().provides().contains(plain))
        .findFirst()
        .orElse(null);
  }

  /** How many components are started one after the other before a system. */
  private static int depth(
      String system,
      BlueprintLibrary library,
      Map<String, String> kinds,
      Map<String, Integer> depths,
      int steps) {
    var known = depths.get(system);
    if (known != null) {
      return known;
    }
    if (steps > kinds.size()) {
      throw new BlueprintException("blueprints require each other in a circle at " + system);
    }
    int depth = 0;
    for (var provider : providers(system, library, kinds)) {
      depth = Math.max(depth, depth(provider, library, kinds, depths, steps + 1) + 1);
    }
    depths.put(system, depth);
    return depth;
  }

  /** The chosen systems that provide what a system requires. */
  private static List<String> providers(
      String system, BlueprintLibrary library, Map<String, String> kinds) {
    return library.find(system).orElseThrow().requires().stream()
        .map(capability -> provider(capability, library, kinds))
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }
}
