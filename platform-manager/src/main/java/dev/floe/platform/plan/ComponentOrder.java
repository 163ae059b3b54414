package dev.floe.platform.plan;

import dev.floe.contract.platform.Manifest;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.Blueprint;
import dev.floe.platform.blueprint.BlueprintException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which components a manifest asks for, and in which wave each is started. Pure. */
final class ComponentOrder {
  /** Kind of a component that nobody chose and another component needs. */
  static final String SUPPORT = "support";

  /** A component to be. */
  record Chosen(String kind, Blueprint blueprint, int wave) {}

  private ComponentOrder() {}

  /** Components by wave, then as the manifest has them. */
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
    var waves = new LinkedHashMap<String, Integer>();
    kinds.keySet().forEach(system -> wave(system, library, kinds, waves, 0));
    return kinds.entrySet().stream()
        .map(entry ->
            new Chosen(
                entry.getValue(),
                library.find(entry.getKey()).orElseThrow(),
                waves.getOrDefault(entry.getKey(), 1)))
        .sorted((a, b) -> Integer.compare(a.wave(), b.wave()))
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

  private static int wave(
      String system,
      BlueprintLibrary library,
      Map<String, String> kinds,
      Map<String, Integer> waves,
      int depth) {
    var known = waves.get(system);
    if (known != null) {
      return known;
    }
    if (depth > kinds.size()) {
      throw new BlueprintException("blueprints require each other in a circle at " + system);
    }
    int wave = 1;
    var needed = new ArrayList<String>(library.find(system).orElseThrow().requires());
    for (var capability : needed) {
      var provider = provider(capability, library, kinds);
      if (provider != null) {
        wave = Math.max(wave, wave(provider, library, kinds, waves, depth + 1) + 1);
      }
    }
    waves.put(system, wave);
    return wave;
  }
}
