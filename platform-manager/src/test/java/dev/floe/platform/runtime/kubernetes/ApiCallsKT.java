package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names.Labels;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.TestRuntimeConfig;
import dev.floe.platform.runtime.WritePermit;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How often the API server is called for a platform of many components. */
class ApiCallsKT {
  private static final int COMPONENTS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String PLATFORM =
      "calls-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private static final String NAMESPACE = "floe-" + PLATFORM;

  /** Method and path of every call. */
  private static final ConcurrentLinkedQueue<String> CALLS = new ConcurrentLinkedQueue<>();

  private static Cluster cluster;
  private static KubernetesClient client;
  private static KubernetesPlatformRuntime runtime;

  private static final class Counter implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      CALLS.add(request.method() + " " + request.uri().getPath());
    }
  }

  @BeforeAll
  @SuppressWarnings("NullAway") // nothing here emits Events
  static void connect() {
    cluster = Cluster.connect();
    cluster.remove(NAMESPACE);
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
            .withHttpClientBuilderConsumer(
                builder -> builder.addOrReplaceInterceptor("counter", new Counter()))
            .build();
    runtime = new KubernetesPlatformRuntime(new TestRuntimeConfig(), () -> client, null);
  }

  @AfterAll
  static void leaveNothingBehind() {
    client.close();
    cluster.close();
  }

  @Test
  void aLookListsEachKindOnceAndADiffAsksOnceForEachObject() {
    // Given: a Deployment and a ConfigMap each
    var plan = plan();
    runtime.prepare(plan, WritePermit.ALWAYS);
    for (var component : plan.components()) {
      runtime.apply(plan, component, WritePermit.ALWAYS, applied -> {}, progress -> {});
    }
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          var look = runtime.look(plan);
          return plan.components().stream().allMatch(one -> look.observe(one).ready());
        });
    // When
    CALLS.clear();
    var look = runtime.look(plan);
    plan.components().forEach(component -> assertThat(look.observe(component).ready()).isTrue());
    // Then
    assertThat(CALLS)
        .containsExactlyInAnyOrder(
            "GET /apis/apps/v1/namespaces/%s/deployments".formatted(NAMESPACE),
            "GET /api/v1/namespaces/%s/pods".formatted(NAMESPACE));
    // When
    CALLS.clear();
    var changes = runtime.diff(plan, List.of(), List.of(), plan);
    // Then
    assertThat(changes).isEmpty();
    assertThat(CALLS.stream().filter(call -> call.startsWith("PATCH"))).hasSize(2 * COMPONENTS);
    assertThat(CALLS.stream().filter(call -> !call.startsWith("PATCH"))).hasSizeLessThan(6);
  }

  private static Plan plan() {
    var components = new ArrayList<PlannedComponent>();
    for (int i = 0; i < COMPONENTS; i++) {
      var name = "c" + i;
      components.add(
          new PlannedComponent(
              name,
              name,
              name,
              "1",
              List.of(),
              List.of(
                  object("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\"}", name),
                  object(
                      """
                      {"apiVersion": "apps/v1", "kind": "Deployment",
                       "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "x"}},
                                "template": {"metadata": {"labels": {"app": "x"}},
                                             "spec": {"containers": [{"name": "a", "image": "a:1"}]}}}}
                      """,
                      name)),
              List.of(),
              List.of(),
              null));
    }
    return new Plan(PLATFORM, "kubernetes", NAMESPACE, components, List.of(), List.of());
  }

  private static ObjectNode object(String json, String name) {
    try {
      var tree = (ObjectNode) JSON.readTree(json);
      tree.putObject("metadata")
          .put("name", name)
          .put("namespace", NAMESPACE)
          .putObject("labels")
          .put(Labels.MANAGED_BY, "floe-platform-manager")
          .put(Labels.PLATFORM, PLATFORM);
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
