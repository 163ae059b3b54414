package dev.floe.platform.runtime.local;

import dev.floe.contract.platform.PlatformDiff.Action;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.secret.SecretFiles;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.plan.Plan.SecretName;
import dev.floe.platform.runtime.FirstLine;
import dev.floe.platform.runtime.GeneratedValue;
import dev.floe.platform.runtime.RolloutFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Secrets of platforms as files: generated once, copied where jobs look for them. */
final class LocalSecrets {
  private final FloeHome home;
  private final SecretFiles files;
  private final String suite;

  /**
   * @param suite namespace in which blueprints expect the suite's own Secrets
   */
  LocalSecrets(FloeHome home, String suite) {
    this.home = home;
    this.files = SecretFiles.at(home);
    this.suite = suite;
  }

  void put(String namespace, String name, Map<String, String> values) throws IOException {
    files.put(namespace, name, values);
  }

  void ensure(String namespace, PlannedSecret secret) throws IOException {
    if (secret.from() != null) {
      files.put(namespace, secret.name(), source(secret, secret.from()));
      return;
    }
    var missing = new HashMap<String, Supplier<String>>();
    secret.values().forEach((key, value) -> missing.put(key, () -> value));
    secret.generate().forEach((key, length) -> missing.put(key, () -> GeneratedValue.of(length)));
    var values = new HashMap<>(files.generate(namespace, secret.name(), missing));
    var composed = secret.composed(values);
    if (!values.entrySet().containsAll(composed.entrySet())) {
      values.putAll(composed);
      files.put(namespace, secret.name(), values);
    }
  }

  private Map<String, String> source(PlannedSecret secret, SecretName from) throws IOException {
    var source = source(from);
    return secret.firstLine() ? FirstLine.of(source) : source;
  }

  /** Secrets that a deploy of a plan would make or change; never a value. */
  List<ObjectChange> changes(Plan plan) throws IOException {
    var changes = new ArrayList<ObjectChange>();
    for (var component : plan.components()) {
      for (var secret : component.secrets()) {
        var live = files.find(plan.namespace(), secret.name());
        var wanted = secret.from() == null ? live : Optional.of(source(secret, secret.from()));
        change(plan.namespace(), secret.name(), component.name(), live, wanted)
            .ifPresent(changes::add);
      }
    }
    for (var domain : plan.domains()) {
      for (var copy : domain.secrets()) {
        change(
                domain.namespace(),
                copy.name(),
                domain.name(),
                files.find(domain.namespace(), copy.name()),
                files.find(plan.namespace(), copy.source()))
            .ifPresent(changes::add);
      }
    }
    return changes;
  }

  private static Optional<ObjectChange> change(
      String namespace,
      String name,
      String owner,
      Optional<Map<String, String>> live,
      Optional<Map<String, String>> wanted) {
    return live.isPresent() && live.equals(wanted)
        ? Optional.empty()
        : Optional.of(
            new ObjectChange(
                live.isEmpty() ? Action.CREATE : Action.UPDATE,
                "Secret/%s/%s".formatted(namespace, name),
                owner,
                List.of()));
  }

  /** Copies what the jobs of each domain refer to. */
  void copyToDomains(Plan plan) throws IOException {
    for (var domain : plan.domains()) {
      for (var copy : domain.secrets()) {
        var source =
            files
                .find(plan.namespace(), copy.source())
                .orElseThrow(() -> missing(plan.namespace(), copy.source()));
        if (!source.equals(files.find(domain.namespace(), copy.name()).orElse(Map.of()))) {
          files.put(domain.namespace(), copy.name(), source);
        }
      }
    }
  }

  String value(String namespace, String name, String key) throws IOException {
    return files
        .find(namespace, name, key)
        .orElseThrow(() ->
            new RolloutFailedException(
                "there is no key %s in the Secret %s/%s".formatted(key, namespace, name)));
  }

  /** The suite's own Secrets are files of the home; any other is a Secret already. */
  private Map<String, String> source(SecretName from) throws IOException {
    var known = files.find(from.namespace(), from.name());
    if (known.isPresent()) {
      return known.get();
    }
    if (from.namespace().equals(suite) && from.name().equals("floe-token")) {
      return Map.of("token", token(home.token()));
    }
    if (from.namespace().equals(suite) && from.name().equals("floe-telemetry")) {
      var token = token(home.telemetryToken());
      return Map.of("token", token, "headers", "authorization=Bearer " + token);
    }
    throw missing(from.namespace(), from.name());
  }

  private static String token(Path file) throws IOException {
    return PrivateFiles.read(file)
        .flatMap(
            text -> text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst())
        .orElseThrow(
            () -> new RolloutFailedException(file + " holds no token; floe local up writes it"));
  }

  private static RolloutFailedException missing(String namespace, String name) {
    return new RolloutFailedException("there is no Secret %s/%s".formatted(namespace, name));
  }
}
