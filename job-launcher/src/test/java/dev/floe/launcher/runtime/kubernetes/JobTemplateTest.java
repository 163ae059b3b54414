package dev.floe.launcher.runtime.kubernetes;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.launcher.runtime.Attempts;
import dev.floe.test.Golden;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTemplateTest {
  private static final Attempts ATTEMPT =
      Attempts.shell("climate", "registry.example/weather:1", "echo $HOME").named("r1");

  @Test
  void aPlainAttempt() {
    // When
    var job = JobTemplate.render(ATTEMPT.spec(), config(Map.of()));
    // Then
    Golden.assertMatches(Serialization.asYaml(job), "jobs/plain.yaml");
  }

  @Test
  void anAttemptWithEverything() {
    // Given
    var attempt =
        ATTEMPT
            .withEpoch(7)
            .withMemory("768Mi")
            .withTimeout(Duration.ofMillis(90_500))
            .withLabels(Map.of("team", "sky", "floe.dev/run", "forged"))
            .withEnv(
                EnvVar.of("PRICE", "$(HOME) $$"),
                EnvVar.of("HOME", "/somewhere/else"),
                EnvVar.of("PRICE", "$5"),
                EnvVar.of("OTEL_RESOURCE_ATTRIBUTES", "floe.run.id=r1,floe.domain=$(HOME)"),
                EnvVar.secret("PASSWORD", "warehouse", "password"));
    var values = new HashMap<String, String>();
    values.put("image-pull-secrets", "registry,other");
    values.put("tolerations[0].key", "jobs");
    values.put("tolerations[0].value", "only");
    values.put("tolerations[0].effect", "NoSchedule");
    values.put("tolerations[1].key", "spot");
    values.put("service-account", "jobs");
    values.put("run-as-user", "1000");
    values.put("default-cpu", "500m");
    values.put("default-memory", "256Mi");
    // When
    var job = JobTemplate.render(attempt.spec(), config(values));
    // Then
    Golden.assertMatches(Serialization.asYaml(job), "jobs/everything.yaml");
  }

  private static KubernetesRuntimeConfig config(Map<String, String> values) {
    var prefixed = new HashMap<String, String>();
    values.forEach((key, value) -> prefixed.put("floe.launcher.kubernetes." + key, value));
    return new SmallRyeConfigBuilder()
        .withMapping(KubernetesRuntimeConfig.class)
        .withDefaultValues(prefixed)
        .build()
        .getConfigMapping(KubernetesRuntimeConfig.class);
  }
}
