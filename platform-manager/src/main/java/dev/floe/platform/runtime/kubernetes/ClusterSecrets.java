package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.runtime.FirstLine;
import dev.floe.platform.runtime.GeneratedValue;
import dev.floe.platform.runtime.RolloutFailedException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

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
      var source = read(secret.from().namespace(), secret.from().name());
      write(platform, namespace, secret.name(), secret.firstLine() ? FirstLine.of(source) : source);
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
    return missing;
  }

  boolean exists(String namespace, String name) {
    return objects.live(named("", namespace, name, Map.of())).isPresent();
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
    return objects
        .live(named("", namespace, name, Map.of()))
        .map(ClusterSecrets::values)
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
