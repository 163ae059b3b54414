package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What tells an object from all others of a platform. The version of its API does not: {@code
 * policy/v1beta1} and {@code policy/v1} are two views of the same object.
 *
 * @param group of its API; empty for the core group
 * @param namespace empty where it has none
 * @param folder in which it runs on one machine; empty on Kubernetes
 */
public record ObjectKey(String group, String kind, String namespace, String name, String folder) {
  /**
   * @param object of a plan, complete
   */
  public static ObjectKey of(JsonNode object) {
    var api = object.path("apiVersion").asText();
    var metadata = object.path("metadata");
    return new ObjectKey(
        api.substring(0, Math.max(0, api.indexOf('/'))),
        object.path("kind").asText(),
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        object.path("spec").path("folder").asText());
  }

  /** As stored: {@code Kind.group/namespace/name}, after it the folder. */
  public String text() {
    return "%s%s/%s/%s%s"
        .formatted(
            kind,
            group.isEmpty() ? "" : "." + group,
            namespace,
            name,
            folder.isEmpty() ? "" : "@" + folder);
  }
}
