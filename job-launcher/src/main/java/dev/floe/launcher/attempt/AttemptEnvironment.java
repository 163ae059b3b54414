package dev.floe.launcher.attempt;

import dev.floe.contract.Names;
import dev.floe.contract.platform.Bindings.EnvVar;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The environment of an attempt: the platform's bindings, over them the caller's, over both floe's
 * own. Pure.
 */
final class AttemptEnvironment {
  private AttemptEnvironment() {}

  static List<EnvVar> of(Situation situation) {
    var run = situation.run().run();
    var request = run.request();
    var attempt = Integer.toString(situation.attempt().attempt().number());
    var env = new LinkedHashMap<String, EnvVar>();
    situation.attempt().bindings().forEach(one -> env.put(one.name(), one));
    Objects.requireNonNullElse(request.env(), Map.<String, String>of())
        .forEach((name, value) -> env.put(name, EnvVar.of(name, value)));
    if (request.secretRefs() != null) {
      request
          .secretRefs()
          .forEach(ref -> env.put(ref.name(), EnvVar.secret(ref.name(), ref.secret(), ref.key())));
    }
    var attributes = new LinkedHashMap<String, String>();
    attributes.put(Names.Resource.DOMAIN, request.domain());
    attributes.put(Names.Resource.PRODUCT, request.product());
    var pipeline = request.pipeline();
    if (pipeline != null) {
      attributes.put(Names.Resource.PIPELINE, pipeline);
    }
    attributes.put(Names.Resource.RUN_ID, run.id());
    attributes.put(Names.Resource.ATTEMPT, attempt);
    attributes.put("service.namespace", request.domain());
    put(env, Names.Env.RUN_ID, run.id());
    put(env, Names.Env.ATTEMPT, attempt);
    put(env, Names.Env.DOMAIN, request.domain());
    put(env, Names.Env.PRODUCT, request.product());
    put(env, Names.Env.PLATFORM, request.platform());
    put(env, Names.Env.TRACEPARENT, situation.trace().traceparent());
    put(env, Names.Env.OTEL_SERVICE_NAME, request.product());
    put(env, Names.Env.OTEL_RESOURCE_ATTRIBUTES, attributes(attributes));
    return List.copyOf(env.values());
  }

  private static void put(Map<String, EnvVar> env, String name, String value) {
    env.put(name, EnvVar.of(name, value));
  }

  /** As the OpenTelemetry resource specification has it: percent-encoded values, comma between. */
  static String attributes(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
        .collect(Collectors.joining(","));
  }

  private static String encode(String value) {
    var text = new StringBuilder();
    for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/:".indexOf(c) >= 0;
      if (plain) {
        text.append(c);
      } else {
        text.append('%').append("%02X".formatted((int) c));
      }
    }
    return text.toString();
  }
}
