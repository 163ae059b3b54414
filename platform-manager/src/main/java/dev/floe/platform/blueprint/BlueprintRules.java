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
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("ConfigMap", "v1"),
          Map.entry("Deployment", "apps/v1"),
          Map.entry("HorizontalPodAutoscaler", "autoscaling/v2"),
          Map.entry("Job", "batch/v1"),
          Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
          Map.entry("PersistentVolumeClaim", "v1"),
          Map.entry("PodDisruptionBudget", "policy/v1"),
          Map.entry("PrometheusRule", "monitoring.coreos.com/v1"),
          Map.entry("Service", "v1"),
          Map.entry("ServiceAccount", "v1"),
          Map.entry("ServiceMonitor", "monitoring.coreos.com/v1"),
          Map.entry("StatefulSet", "apps/v1"));

  /** Secrets of the suite that may be copied. */
  private static final Set<String> SUITE_SECRETS = Set.of("floe-token", "floe-telemetry");

  private static final String OTHERS_SECRET =
      "a blueprint of your own may read the Secrets that it describes under secrets, and those that"
          + " ${requires.…} names";

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
    if (main != null) {
      bindings(main);
    }
  }

  /** Secrets that jobs inherit are copied into the namespaces of domains. */
  private void bindings(BlueprintFile main) {
    for (var runtime : blueprint.runtimes().keySet()) {
      var at = child(child("", runtime), "bindings");
      var bindings = main.root().at(at);
      for (int i = 0; i < bindings.size(); i++) {
        var env = bindings.get(i).path("env");
        for (int k = 0; k < env.size(); k++) {
          var reference = env.get(k).path("secretRef");
          if (!reference.isMissingNode() && !mayRead(reference.path("name").asText())) {
            main.problem(child(child(child(child(at, i), "env"), k), "secretRef"), OTHERS_SECRET);
          }
        }
      }
    }
  }

  /** Its own, or one that a component it requires exports. */
  private boolean mayRead(String secret) {
    return secret.startsWith("${requires.")
        || blueprint.secrets().stream().anyMatch(own -> own.path("name").asText().equals(secret));
  }

  private void object(BlueprintFile file) {
    var kind = file.root().path("kind").asText();
    var version = KINDS.get(kind);
    if (version == null) {
      file.problem(
          "/kind",
          "a blueprint of your own may not make a %s; it may make %s"
              .formatted(kind, BlueprintFile.sorted(KINDS.keySet())));
    } else if (!version.equals(file.root().path("apiVersion").asText())) {
      file.problem("/apiVersion", "must be " + version);
    }
    var metadata = file.root().path("metadata");
    if (metadata.has("namespace")) {
      file.problem(
          "/metadata/namespace", "leave it out: every object is in the namespace of its platform");
    }
    var pod = "/spec/template/spec";
    for (var secret : PodReferences.of(file.root().at(pod)).secrets()) {
      if (!mayRead(secret)) {
        file.problem(pod, "%s (here %s)".formatted(OTHERS_SECRET, secret));
      }
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
