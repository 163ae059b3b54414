package dev.floe.platform.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.manifest.Shape;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One system that can be deployed.
 *
 * @param system its name, the name of its folder
 * @param version what the images and locked requirements hold
 * @param kinds of plugins it can fill
 * @param provides capabilities that other blueprints may require
 * @param requires capabilities that must be ready before it starts
 * @param collects kinds of contributions of others that it uses, and the keys that each has
 * @param images by name: repository and tag, without a registry
 * @param configShape what a manifest's {@code config} for it may hold
 * @param configDefaults for keys that the manifest leaves out
 * @param secrets made for it: {@code {name, keys: {key: {generate: length} | {value}}}} or {@code
 *     {name, from: {namespace, name}}}
 * @param runtimes how it runs, by runtime
 */
public record Blueprint(
    String system,
    String version,
    Set<String> kinds,
    Set<String> provides,
    Set<String> requires,
    Map<String, Set<String>> collects,
    Map<String, String> images,
    Shape.Fields configShape,
    ObjectNode configDefaults,
    List<JsonNode> secrets,
    Map<String, RuntimeBlueprint> runtimes) {

  public Blueprint {
    kinds = ordered(kinds);
    provides = ordered(provides);
    requires = ordered(requires);
    collects = Map.copyOf(collects);
    images = Map.copyOf(images);
    secrets = List.copyOf(secrets);
    runtimes = Map.copyOf(runtimes);
  }

  /** As written: a plan must not depend on the order that a process happens to give a set. */
  private static Set<String> ordered(Set<String> names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }

  /**
   * How a system runs in one runtime; everything with placeholders.
   *
   * @param objects in the order of their creation
   * @param exports facts for the components that require this one
   * @param contributes lists of mappings for the components that collect them, by kind
   * @param bindings what jobs inherit: {@code [{name, env: [{name, value | secretRef}]}]}
   * @param ports needed on one machine; empty on Kubernetes
   * @param scale {@code Kind/name} of the workload that {@code replicas} means
   * @param url where a person opens it
   */
  public record RuntimeBlueprint(
      List<BlueprintObject> objects,
      ObjectNode exports,
      ObjectNode contributes,
      List<JsonNode> bindings,
      List<PortRequest> ports,
      @Nullable String scale,
      @Nullable String url) {
    public RuntimeBlueprint {
      objects = List.copyOf(objects);
      bindings = List.copyOf(bindings);
      ports = List.copyOf(ports);
    }
  }

  /**
   * One object, or one for each element of a list.
   *
   * @param file it stands in
   * @param forEach dotted path of a list
   * @param when dotted path of what has to be there for the object; null for always
   * @param ifKind {@code group/version/Kind} that the cluster has to serve; null for any cluster
   */
  public record BlueprintObject(
      String file,
      @Nullable String forEach,
      @Nullable String when,
      @Nullable String ifKind,
      JsonNode tree) {}

  /**
   * A port that is chosen once and kept.
   *
   * @param name with placeholders
   * @param forEach dotted path of a list of mappings, each of which gets its {@code port}
   */
  public record PortRequest(String name, @Nullable String forEach) {}

  /** Whether a system runs without a capability that it requires: it is written with {@code ?}. */
  public static boolean isOptional(String capability) {
    return capability.endsWith("?");
  }

  /** A required capability as its providers write it. */
  public static String plain(String capability) {
    return isOptional(capability) ? capability.substring(0, capability.length() - 1) : capability;
  }

  /** A runtime's part. */
  public RuntimeBlueprint runtime(String runtime) {
    var found = runtimes.get(runtime);
    if (found == null) {
      throw new BlueprintException("%s does not run on %s".formatted(system, runtime));
    }
    return found;
  }
}
