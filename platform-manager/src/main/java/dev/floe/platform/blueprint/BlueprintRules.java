package dev.floe.platform.blueprint;

import static dev.floe.platform.blueprint.BlueprintFile.child;

import java.util.Map;
import java.util.Set;

/**
 * What a blueprint of an operator's own may touch. Everything it makes is in the namespace of its
 * platform, under the restricted Pod Security standard.
 */
final class BlueprintRules {
  /** Kinds of objects on Kubernetes. None of them gives rights, or reaches beyond its namespace. */
  private static final Set<String> KINDS =
      Set.of(
          "ConfigMap",
          "Deployment",
          "PersistentVolumeClaim",
          "Service",
          "ServiceAccount",
          "StatefulSet");

  /** Secrets of the suite that may be copied. */
  private static final Set<String> SUITE_SECRETS = Set.of("floe-token", "floe-telemetry");

  private final Blueprint blueprint;
  private final Map<String, BlueprintFile> files;

  BlueprintRules(Blueprint blueprint, Map<String, BlueprintFile> files) {
    this.blueprint = blueprint;
    this.files = files;
  }

  void check() {
    for (var file : files.entrySet()) {
      if (file.getKey().startsWith("kubernetes/")) {
        object(file.getValue());
      }
    }
    var main = files.get(BlueprintReader.BLUEPRINT);
    for (int i = 0; main != null && i < blueprint.secrets().size(); i++) {
      secret(main, i);
    }
  }

  private static void object(BlueprintFile file) {
    var kind = file.root().path("kind").asText();
    if (!KINDS.contains(kind)) {
      file.problem(
          "/kind",
          "a blueprint of your own may not make a %s; it may make %s"
              .formatted(kind, BlueprintFile.sorted(KINDS)));
    }
    var metadata = file.root().path("metadata");
    if (metadata.has("namespace")) {
      file.problem(
          "/metadata/namespace", "leave it out: every object is in the namespace of its platform");
    }
  }

  private void secret(BlueprintFile main, int index) {
    var from = blueprint.secrets().get(index).path("from");
    if (from.isMissingNode()) {
      return;
    }
    var at = child(child("/secrets", index), "from");
    if (!from.path("namespace").asText().equals("${suite.namespace}")
        || !SUITE_SECRETS.contains(from.path("name").asText())) {
      main.problem(
          at,
          "a blueprint of your own may copy %s from ${suite.namespace}, and nothing else"
              .formatted(BlueprintFile.sorted(SUITE_SECRETS)));
    }
  }
}
