package dev.floe.platform.render;

import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.yaml.YamlWriter;
import java.util.TreeMap;

/**
 * A plan as plain YAML, each component behind those that it needs. Secrets are not in it: a comment
 * on top names each with its keys, {@code # secret NAME KEY=generate:LENGTH KEY=value:TEXT
 * KEY=composed} or {@code # secret NAME from:NAMESPACE/NAME}, for whoever creates them. Pure.
 */
final class PlainManifests {
  private PlainManifests() {}

  static String of(Plan plan) {
    var text = new StringBuilder();
    for (var component : plan.components()) {
      for (var secret : component.secrets()) {
        text.append("# secret ").append(secret.name()).append(keys(secret)).append('\n');
      }
    }
    for (var component : plan.components()) {
      for (var object : component.objects()) {
        text.append("---\n").append(YamlWriter.write(object));
      }
    }
    return text.toString();
  }

  private static String keys(PlannedSecret secret) {
    if (secret.from() != null) {
      return " from:%s/%s".formatted(secret.from().namespace(), secret.from().name());
    }
    var keys = new TreeMap<String, String>();
    secret.generate().forEach((key, length) -> keys.put(key, "generate:" + length));
    secret.values().forEach((key, value) -> keys.put(key, "value:" + value));
    secret
        .compose()
        .keySet()
        .forEach(key -> keys.put(key, "composed")); // of the others, as the blueprint says
    var text = new StringBuilder();
    keys.forEach((key, how) -> text.append(' ').append(key).append('=').append(how));
    return text.toString();
  }
}
