package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names;
import dev.floe.contract.Names.Annotations;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.contract.platform.Manifest;
import dev.floe.contract.platform.Manifest.Resources;
import dev.floe.contract.platform.Manifest.Service;
import dev.floe.contract.platform.Manifest.Workload;
import dev.floe.kit.idempotency.PayloadHash;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.Blueprint;
import dev.floe.platform.blueprint.PodReferences;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every object gets and what a manifest's {@code services} change, as typed patches on the
 * tree. Pure.
 */
final class ObjectPatches {
  /** Annotation of pods that changes with the ConfigMaps they read, so that they are replaced. */
  static final String CONFIG_HASH = "floe.dev/config-hash";

  private static final Workload NOTHING = new Workload(null, null, null, Map.of());
  private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");
  private static final Set<String> CLUSTER_SCOPED =
      Set.of("Namespace", "ClusterRole", "ClusterRoleBinding", "PersistentVolume", "StorageClass");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Manifest manifest;
  private final Blueprint blueprint;
  private final String component;
  private final boolean kubernetes;
  private final String namespace;
  private final @Nullable Service service;
  private final @Nullable String scale;

  /**
   * @param component name, unique in the platform
   * @param scale {@code Kind/name} of the workload that {@code replicas} means
   */
  ObjectPatches(
      Manifest manifest,
      Blueprint blueprint,
      String component,
      String runtime,
      String namespace,
      @Nullable Service service,
      @Nullable String scale) {
    this.manifest = manifest;
    this.blueprint = blueprint;
    this.component = component;
    this.namespace = namespace;
    this.kubernetes = runtime.equals("kubernetes");
    this.service = service;
    this.scale = scale;
  }

  List<ObjectNode> apply(List<ObjectNode> objects) {
    var patched = new ArrayList<ObjectNode>();
    for (var object : objects) {
      var copy = object.deepCopy();
      if (kubernetes) {
        metadata(copy);
        if (WORKLOADS.contains(copy.path("kind").asText())) {
          workload(copy, objects);
        } else if (copy.path("kind").asText().equals("Service")) {
          select(copy.path("spec").path("selector"));
        } else if (RunOnceJob.is(copy)) {
          pods(copy, objects);
          RunOnceJob.name(copy);
        }
      } else if (copy.path("kind").asText().equals("Process")) {
        environment(copy.withObject("/spec"), alone(copy));
      }
      patched.add(copy);
    }
    known(objects);
    return patched;
  }

  /** Whether the manifest names workloads that there are; on one machine they have other names. */
  private void known(List<ObjectNode> objects) {
    if (service == null || !kubernetes) {
      return;
    }
    var names =
        objects.stream()
            .filter(object -> !object.at("/spec/template/spec").isMissingNode())
            .map(ObjectPatches::name)
            .collect(Collectors.toCollection(TreeSet::new));
    for (var workload : service.workloads().keySet()) {
      if (!names.contains(workload)) {
        throw FloeException.invalid(
            "/services/%s/workloads/%s".formatted(blueprint.system(), workload),
            "%s has no workload of this name; it has %s"
                .formatted(blueprint.system(), String.join(", ", names)));
      }
    }
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  /** What the manifest says of one workload alone. */
  private Workload alone(JsonNode object) {
    var alone = service == null ? null : service.workloads().get(name(object));
    return alone == null ? NOTHING : alone;
  }

  private void metadata(ObjectNode object) {
    var metadata = object.withObject("/metadata");
    if (!CLUSTER_SCOPED.contains(object.path("kind").asText())) {
      metadata.put("namespace", namespace);
    }
    labels(metadata);
  }

  private void labels(ObjectNode metadata) {
    var labels = metadata.withObject("/labels");
    labels.put(Labels.NAME, blueprint.system());
    labels.put(Labels.INSTANCE, manifest.metadata().name());
    labels.put(Labels.VERSION, blueprint.version());
    labels.put(Labels.PART_OF, Names.FLOE);
    labels.put(Labels.MANAGED_BY, Services.PLATFORM_MANAGER);
    labels.put(Labels.PLATFORM, manifest.metadata().name());
    labels.put(Labels.PLATFORM_COMPONENT, component);
  }

  /**
   * Narrows a selector to the pods of this component: two of one system are in one namespace. A
   * Service without a selector stays without.
   */
  private void select(JsonNode selector) {
    if (selector instanceof ObjectNode labels && !labels.isEmpty()) {
      labels.put(Labels.PLATFORM_COMPONENT, component);
    }
  }

  private void workload(ObjectNode object, List<ObjectNode> objects) {
    var spec = object.withObject("/spec");
    var replicas = replicas(object);
    if (replicas != null) {
      spec.put("replicas", replicas);
    } else {
      object.withObject("/metadata/annotations").put(Annotations.YIELDS, "/spec/replicas");
    }
    select(spec.path("selector").path("matchLabels"));
    pods(object, objects);
  }

  /** What the pods of a workload or a Job get. */
  private void pods(ObjectNode object, List<ObjectNode> objects) {
    var spec = object.withObject("/spec");
    var template = spec.withObject("/template/metadata");
    labels(template);
    configHash(spec.path("template").path("spec"), objects)
        .ifPresent(hash -> template.withObject("/annotations").put(CONFIG_HASH, hash));
    var alone = alone(object);
    for (var container : spec.withArray("/template/spec/containers")) {
      environment((ObjectNode) container, alone);
      resources((ObjectNode) container, alone);
    }
  }

  private @Nullable Integer replicas(ObjectNode object) {
    var alone = alone(object).replicas();
    if (alone != null || service == null) {
      return alone;
    }
    return (object.path("kind").asText() + "/" + name(object)).equals(scale)
        ? service.replicas()
        : null;
  }

  private void environment(ObjectNode container, Workload alone) {
    if (service == null || (service.env().isEmpty() && alone.env().isEmpty())) {
      return;
    }
    var env = container.withArray("/env");
    service.env().forEach((name, value) -> set(env, name, value));
    alone.env().forEach((name, value) -> set(env, name, value));
  }

  private static void set(ArrayNode env, String name, Object value) {
    var variable = JSON.createObjectNode().put("name", name);
    if (value instanceof Map<?, ?> reference) {
      variable
          .putObject("valueFrom")
          .set("secretKeyRef", JSON.valueToTree(reference.get("secretRef")));
    } else {
      variable.put("value", String.valueOf(value));
    }
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).path("name").asText().equals(name)) {
        env.set(i, variable);
        return;
      }
    }
    env.add(variable);
  }

  private void resources(ObjectNode container, Workload alone) {
    if (alone.resources() != null || alone.preset() != null) {
      resources(container, alone.resources(), alone.preset());
    } else if (service != null) {
      resources(container, service.resources(), service.preset());
    }
  }

  private void resources(
      ObjectNode container, @Nullable Resources resources, @Nullable String presetName) {
    if (resources != null) {
      merge(container, "requests", resources.requests());
      merge(container, "limits", resources.limits());
    } else if (presetName != null) {
      var preset = manifest.resourcePresets().get(presetName);
      if (preset != null) {
        merge(container, "requests", quantities(preset.cpuRequest(), preset.memoryRequest()));
        merge(container, "limits", quantities(preset.cpuLimit(), preset.memoryLimit()));
      }
    }
  }

  private static void merge(ObjectNode container, String which, Map<String, String> quantities) {
    if (!quantities.isEmpty()) {
      var target = container.withObject("/resources/" + which);
      quantities.forEach(target::put);
    }
  }

  private static Map<String, String> quantities(@Nullable String cpu, @Nullable String memory) {
    var quantities = new java.util.TreeMap<String, String>();
    if (cpu != null) {
      quantities.put("cpu", cpu);
    }
    if (memory != null) {
      quantities.put("memory", memory);
    }
    return quantities;
  }

  /** Of the component's ConfigMaps that the pods of a workload read; empty where they read none. */
  private static Optional<String> configHash(JsonNode pod, List<ObjectNode> objects) {
    var read = PodReferences.of(pod).configMaps();
    var configuration =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("ConfigMap"))
            .filter(object -> read.contains(object.path("metadata").path("name").asText()))
            .map(object -> object.path("data"))
            .toList();
    return configuration.isEmpty()
        ? Optional.empty()
        : Optional.of(HexFormat.of().formatHex(PayloadHash.of(configuration)).substring(0, 16));
  }
}
