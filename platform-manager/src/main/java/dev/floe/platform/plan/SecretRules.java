package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.Bindings.Binding;
import dev.floe.contract.platform.Manifest;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.PodReferences;
import dev.floe.platform.plan.ComponentOrder.Chosen;
import dev.floe.platform.plan.Plan.PlannedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which Secrets the pods and the jobs of an operator's own blueprint may read: its own, those that
 * a component it requires exports, and those that the manifest names. Pure.
 *
 * <p>Most of that is refused when the blueprint is read; what placeholders make of it is known here
 * alone.
 */
final class SecretRules {
  /** What the endpoint of a ServiceMonitor may say: nothing that is sent along. */
  private static final Set<String> ENDPOINT =
      Set.of(
          "honorLabels",
          "interval",
          "metricRelabelings",
          "path",
          "port",
          "relabelings",
          "scheme",
          "scrapeTimeout",
          "targetPort");

  private SecretRules() {}

  /** Secrets that the manifest itself gives to containers. */
  private static List<String> named(Map<String, Object> env) {
    var names = new ArrayList<String>();
    for (var value : env.values()) {
      if (value instanceof Map<?, ?> reference
          && reference.get("secretRef") instanceof Map<?, ?> secret) {
        names.add(String.valueOf(secret.get("name")));
      }
    }
    return names;
  }

  /** Prometheus would send a Secret that an endpoint names to whatever the endpoint is. */
  private static void endpoints(Chosen chosen, ObjectNode object) {
    if (!object.path("kind").asText().equals("ServiceMonitor")) {
      return;
    }
    for (var endpoint : object.at("/spec/endpoints")) {
      for (var key : endpoint.properties()) {
        if (!ENDPOINT.contains(key.getKey())) {
          throw FloeException.invalid(
              "/plugins/" + chosen.kind(),
              "the blueprint of %s says %s of an endpoint of a ServiceMonitor; it may say %s"
                  .formatted(chosen.blueprint().system(), key.getKey(), new TreeSet<>(ENDPOINT)));
        }
      }
    }
  }

  /**
   * @param requires exports of the components that it requires
   * @param objects as they will be applied
   * @throws FloeException naming the first Secret of others
   */
  static void check(
      Manifest manifest,
      Chosen chosen,
      JsonNode requires,
      List<ObjectNode> objects,
      List<PlannedSecret> secrets,
      List<Binding> bindings) {
    var allowed = new TreeSet<String>();
    secrets.forEach(secret -> allowed.add(secret.name()));
    requires.forEach(exports -> exports.forEach(value -> allowed.add(value.asText())));
    var service = manifest.services().get(chosen.blueprint().system());
    if (service != null) {
      named(service.env()).forEach(allowed::add);
      service.workloads().values().forEach(one -> named(one.env()).forEach(allowed::add));
    }
    var read = new TreeSet<String>();
    for (var object : objects) {
      read.addAll(PodReferences.of(object.at("/spec/template/spec")).secrets());
    }
    var prefix = Planner.copyName(manifest.metadata().name(), "");
    for (var binding : bindings) {
      for (var variable : binding.env()) {
        if (variable.secretRef() != null) {
          read.add(variable.secretRef().name().substring(prefix.length()));
        }
      }
    }
    for (var object : objects) {
      endpoints(chosen, object);
    }
    read.removeAll(allowed);
    if (!read.isEmpty()) {
      throw FloeException.invalid(
          "/plugins/" + chosen.kind(),
          "the blueprint of %s reads the Secret %s, which is neither its own nor that of a component it requires"
              .formatted(chosen.blueprint().system(), read.first()));
    }
  }
}
