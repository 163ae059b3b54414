package dev.floe.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunRequest.Resources;
import dev.floe.contract.run.RunRequest.SecretEnv;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunValidationTest {
  private static final Duration MAX = Duration.ofDays(7);

  private static RunRequest run(
      String image,
      @Nullable Map<String, String> env,
      @Nullable List<SecretEnv> secrets,
      @Nullable Resources resources,
      @Nullable Duration timeout,
      @Nullable RetryPolicy policy,
      @Nullable Map<String, String> labels) {
    return new RunRequest(
        "weather",
        null,
        "weather",
        "daily",
        null,
        RunKind.CUSTOM,
        image,
        null,
        null,
        env,
        secrets,
        resources,
        timeout,
        null,
        policy,
        null,
        labels);
  }

  private static List<String> pointers(RunRequest request) {
    return RunValidation.errors(request, MAX).stream().map(FieldError::pointer).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "floe.local/weather:1",
        "weather",
        "registry.example:5000/team/weather:1.2",
        "ghcr.io/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void imagesAreTaken(String image) {
    assertThat(pointers(run(image, null, null, null, null, null, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Weather", "a b", "weather:", "http://weather", "weather@latest", "/w"})
  void whatIsNoImageIsNamed(String image) {
    assertThat(pointers(run(image, null, null, null, null, null, null))).containsExactly("/image");
  }

  @Test
  void namesThatFloeSetsAreRefused() {
    var env = Map.of("FLOE_X", "", "TRACEPARENT", "", "1A", "", "FINE", "", "OTEL_BSP_X", "");
    assertThat(pointers(run("w", env, null, null, null, null, null)))
        .containsExactlyInAnyOrder("/env/FLOE_X", "/env/TRACEPARENT", "/env/1A");
  }

  @Test
  void aVariableIsSetOnce() {
    var secrets = List.of(new SecretEnv("A", "s", "k"), new SecretEnv("B", "S_", "k/"));
    assertThat(pointers(run("w", Map.of("A", "1"), secrets, null, null, null, null)))
        .containsExactlyInAnyOrder(
            "/secretRefs/0/name", "/secretRefs/1/secret", "/secretRefs/1/key");
  }

  @Test
  void quantitiesAndTimesHaveBounds() {
    assertThat(
            pointers(
                run("w", null, null, new Resources("0", "128"), Duration.ofDays(8), null, null)))
        .containsExactlyInAnyOrder("/resources/cpu", "/resources/memory", "/timeout");
  }

  @Test
  void quantitiesThatNoMachineHasAreRefused() {
    assertThat(
            pointers(
                run(
                    "w",
                    null,
                    null,
                    new Resources("10001", "99999999999Ti"),
                    null,
                    new RetryPolicy(
                        Map.of(VerdictCategory.APPLICATION, 2),
                        null,
                        List.of(
                            new RetryPolicy.Rule(
                                null,
                                List.of(VerdictReason.OOM_KILLED),
                                RetryPolicy.Action.RETRY_WITH_MEMORY,
                                null,
                                "65Ti"))),
                    null)))
        .containsExactlyInAnyOrder(
            "/resources/cpu", "/resources/memory", "/retryPolicy/rules/0/memoryMax");
    assertThat(pointers(run("w", null, null, new Resources("10000", "64Ti"), null, null, null)))
        .isEmpty();
  }

  @Test
  void aRuleThatNoBudgetAllowsNamesTheBudget() {
    var rule = new RetryPolicy.Rule(List.of(75), null, RetryPolicy.Action.RETRY, null, null);
    var errors =
        RunValidation.errors(
            run("w", null, null, null, null, new RetryPolicy(null, null, List.of(rule)), null),
            MAX);
    assertThat(errors).hasSize(1);
    assertThat(errors.getFirst().pointer()).isEqualTo("/retryPolicy/rules/0/action");
    assertThat(errors.getFirst().message()).contains("/retryPolicy/maxAttempts/APPLICATION");
  }

  @Test
  void rulesThatABudgetAllowsAreTaken() {
    var code = new RetryPolicy.Rule(List.of(75), null, RetryPolicy.Action.RETRY, null, null);
    var fail = new RetryPolicy.Rule(List.of(3), null, RetryPolicy.Action.FAIL, null, null);
    var evicted =
        new RetryPolicy.Rule(
            null, List.of(VerdictReason.EVICTED), RetryPolicy.Action.RETRY, null, null);
    var policy =
        new RetryPolicy(Map.of(VerdictCategory.APPLICATION, 2), null, List.of(code, fail, evicted));
    var silent = new RetryPolicy(null, null, List.of(fail, evicted));
    assertThat(pointers(run("w", null, null, null, null, policy, null))).isEmpty();
    assertThat(pointers(run("w", null, null, null, null, silent, null))).isEmpty();
  }

  @Test
  void labelsOfOthersAreRefused() {
    var labels = Map.of("team/a", "x", "floe.dev/run", "x", "app.kubernetes.io/name", "x", "-", "");
    assertThat(pointers(run("w", null, null, null, null, null, labels)))
        .containsExactlyInAnyOrder(
            "/labels/floe.dev~1run", "/labels/app.kubernetes.io~1name", "/labels/-");
  }

  @Test
  void aRuleThatCanNeverMatchIsRefused() {
    var rule = new RetryPolicy.Rule(null, null, RetryPolicy.Action.RETRY_WITH_MEMORY, null, "much");
    var policy = new RetryPolicy(null, null, List.of(rule));
    assertThat(pointers(run("w", null, null, null, null, policy, null)))
        .containsExactlyInAnyOrder(
            "/retryPolicy/rules/0",
            "/retryPolicy/rules/0/memoryMax",
            "/retryPolicy/rules/0/action");
  }
}
