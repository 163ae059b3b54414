package dev.floe.platform.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * ConfigMaps and Secrets that a pod reads when it starts: in the environment of its containers and
 * as volumes. Pure.
 *
 * @param configMaps names in the pod's namespace
 * @param secrets names in the pod's namespace; not those that only pull its images
 */
public record PodReferences(Set<String> configMaps, Set<String> secrets) {
  public PodReferences {
    configMaps = Set.copyOf(configMaps);
    secrets = Set.copyOf(secrets);
  }

  /**
   * @param pod the {@code spec} of a pod or of a pod's template
   */
  public static PodReferences of(JsonNode pod) {
    var configMaps = new TreeSet<String>();
    var secrets = new TreeSet<String>();
    for (var kind : List.of("initContainers", "containers")) {
      for (var container : pod.path(kind)) {
        for (var variable : container.path("env")) {
          var from = variable.path("valueFrom");
          add(configMaps, from.path("configMapKeyRef").path("name"));
          add(secrets, from.path("secretKeyRef").path("name"));
        }
        for (var all : container.path("envFrom")) {
          add(configMaps, all.path("configMapRef").path("name"));
          add(secrets, all.path("secretRef").path("name"));
        }
      }
    }
    for (var volume : pod.path("volumes")) {
      add(configMaps, volume.path("configMap").path("name"));
      add(secrets, volume.path("secret").path("secretName"));
      for (var source : volume.path("projected").path("sources")) {
        add(configMaps, source.path("configMap").path("name"));
        add(secrets, source.path("secret").path("name"));
      }
    }
    return new PodReferences(configMaps, secrets);
  }

  private static void add(Set<String> names, JsonNode name) {
    if (name.isTextual()) {
      names.add(name.asText());
    }
  }
}
