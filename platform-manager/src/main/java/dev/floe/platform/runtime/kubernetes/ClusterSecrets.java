package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.contract.platform.PlatformDiff.Action;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.plan.Plan.SecretName;
import dev.floe.platform.plan.TreeDiff;
import dev.floe.platform.runtime.FirstLine;
import dev.floe.platform.runtime.GeneratedValue;
import dev.floe.platform.runtime.RolloutFailedException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets of platforms. What is generated is created once: a later release finds it and leaves it
 * as it is, whatever else changes.
 */
final class ClusterSecrets {
  private final ClusterObjects objects;

  ClusterSecrets(ClusterObjects objects) {
    this.objects = objects;
  }

  void ensure(String platform, String namespace, PlannedSecret secret) {
    if (secret.from() != null) {
      write(platform, namespace, secret.name(), source(secret, secret.from()));
      return;
    }
    var live = objects.live(named(platform, namespace, secret.name(), Map.of()));
    if (live.isEmpty()
        && objects.create(named(platform, namespace, secret.name(), missing(secret, Map.of())))) {
      return;
    }
    var there = live.map(ClusterSecrets::values).orElseGet(() -> read(namespace, secret.name()));
    var missing = missing(secret, there);
    if (!missing.isEmpty()) {
      objects.merge(named(platform, namespace, secret.name(), missing));
    }
  }

  private static Map<String, String> missing(PlannedSecret secret, Map<String, String> there) {
    var missing = new HashMap<String, String>();
    secret
        .generate()
        .forEach((key, length) -> {
          if (!there.containsKey(key)) {
            missing.put(key, GeneratedValue.of(length));
          }
        });
    secret
        .values()
        .forEach((key, value) -> {
          if (!there.containsKey(key)) {
            missing.put(key, value);
          }
        });
    var all = new HashMap<>(there);
    all.putAll(missing);
    secret
        .composed(all)
        .forEach((key, value) -> {
          if (!value.equals(there.get(key))) {
            missing.put(key, value);
          }
        });
    return missing;
  }

  private Map<String, String> source(PlannedSecret secret, SecretName from) {
    var source = read(from.namespace(), from.name());
    return secret.firstLine() ? FirstLine.of(source) : source;
  }

  /**
   * What {@link #ensure} would change; never a value.
   *
   * @param component that has the Secret
   */
  Optional<ObjectChange> change(String namespace, PlannedSecret secret, String component) {
    var live = find(namespace, secret.name());
    if (secret.from() != null) {
      return change(namespace, secret.name(), component, live, source(secret, secret.from()));
    }
    var after = new HashMap<>(live.orElse(Map.of()));
    // not the values: what would be generated would be another value each time
    after.putAll(missing(secret, after));
    return change(namespace, secret.name(), component, live, after);
  }

  /**
   * What {@link #copyToDomains} and revoking would change; never a value.
   *
   * @param former domains of earlier releases
   */
  List<ObjectChange> domainChanges(Plan plan, List<PlannedDomain> former) {
    var changes = new ArrayList<ObjectChange>();
    var needed = new HashSet<String>();
    for (var domain : plan.domains()) {
      for (var copy : domain.secrets()) {
        needed.add(domain.namespace() + '/' + copy.name());
        // where it is not there yet, prepare makes it first
        var source = find(plan.namespace(), copy.source()).orElse(Map.of());
        var live = find(domain.namespace(), copy.name());
        change(domain.namespace(), copy.name(), domain.name(), live, source)
            .ifPresent(changes::add);
      }
    }
    for (var domain : former) {
      for (var copy : domain.secrets()) {
        if (needed.add(domain.namespace() + '/' + copy.name())) {
          objects
              .live(named("", domain.namespace(), copy.name(), Map.of()))
              .filter(live -> Ownership.foreign(live, plan.platform()).isEmpty())
              .map(ClusterSecrets::values)
              .flatMap(live ->
                  change(
                      domain.namespace(), copy.name(), domain.name(), Optional.of(live), Map.of()))
              .ifPresent(changes::add);
        }
      }
    }
    return changes;
  }

  private static Optional<ObjectChange> change(
      String namespace,
      String name,
      String owner,
      Optional<Map<String, String>> before,
      Map<String, String> after) {
    var object = "Secret/%s/%s".formatted(namespace, name);
    if (before.isEmpty()) {
      return Optional.of(new ObjectChange(Action.CREATE, object, owner, List.of()));
    }
    var fields = TreeDiff.of(tree(before.get()), tree(after), pointer -> false, true);
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObjectChange(Action.UPDATE, object, owner, fields));
  }

  private static ObjectNode tree(Map<String, String> values) {
    var tree = JsonNodeFactory.instance.objectNode();
    var data = tree.putObject("data");
    values.forEach(data::put);
    return tree;
  }

  private Optional<Map<String, String>> find(String namespace, String name) {
    return objects.live(named("", namespace, name, Map.of())).map(ClusterSecrets::values);
  }

  /** Copies what the jobs of each domain refer to, where it differs. */
  void copyToDomains(Plan plan) {
    for (var domain : plan.domains()) {
      for (var copy : domain.secrets()) {
        write(
            plan.platform(),
            domain.namespace(),
            copy.name(),
            read(plan.namespace(), copy.source()));
      }
    }
  }

  /**
   * Takes the content out of a copy. The Secret stays without keys: that needs no right to delete
   * those of others.
   *
   * @return whether there was any
   */
  boolean empty(String platform, String namespace, String name) {
    var nothing = named(platform, namespace, name, Map.of());
    var full =
        objects
            .live(nothing)
            .filter(live -> Ownership.foreign(live, platform).isEmpty())
            .filter(live -> !values(live).isEmpty());
    if (full.isPresent()) {
      objects.apply(nothing);
    }
    return full.isPresent();
  }

  void write(String platform, String namespace, String name, Map<String, String> values) {
    var wanted = named(platform, namespace, name, values);
    var live = objects.live(wanted);
    if (live.isEmpty() || !values(live.get()).equals(values)) {
      objects.apply(wanted);
    }
  }

  private Map<String, String> read(String namespace, String name) {
    return find(namespace, name)
        .orElseThrow(() ->
            new RolloutFailedException(
                "there is no Secret %s in the namespace %s".formatted(name, namespace)));
  }

  private static Map<String, String> values(Secret secret) {
    var values = new HashMap<String, String>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) ->
              values.put(
                  key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return values;
  }

  private static Secret named(
      String platform, String namespace, String name, Map<String, String> values) {
    var data = new HashMap<String, String>();
    values.forEach((key, value) ->
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels(Labels.MANAGED_BY, Services.PLATFORM_MANAGER)
        .addToLabels(Labels.PART_OF, Names.FLOE)
        .addToLabels(Labels.PLATFORM, platform)
        .endMetadata()
        .withData(data)
        .build();
  }
}
