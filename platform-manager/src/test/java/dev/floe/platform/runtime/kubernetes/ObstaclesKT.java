package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.TestRuntimeConfig;
import dev.floe.platform.runtime.WritePermit;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others do to a cluster, and whether a release waits for it or fails. */
class ObstaclesKT {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static Cluster cluster;

  @SuppressWarnings("NullAway") // nothing here emits Events
  private final KubernetesPlatformRuntime runtime =
      new KubernetesPlatformRuntime(new TestRuntimeConfig(), ObstaclesKT::client, null);

  private final String platform =
      "way-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private final String namespace = "floe-" + platform;
  private final List<HasMetadata> made = new ArrayList<>();

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  @AfterEach
  void remove() {
    made.forEach(object -> client().resource(object).delete());
    cluster.remove(namespace);
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  @Test
  void aNamespaceThatIsBeingTerminatedIsWaitedFor() {
    // Given: somebody deletes it, and something in it does not go
    var plan = plan("a");
    deploy(plan);
    hold(true);
    client().namespaces().withName(namespace).delete();
    await()
        .atMost(LONG)
        .until(
            () -> client().namespaces().withName(namespace).get().getStatus().getPhase(),
            "Terminating"::equals);
    var more = plan("a", "b");
    // When
    var refused = catchThrowableOfType(RuntimeUnavailableException.class, () -> deploy(more));
    // Then
    assertThat(refused.extent()).isEqualTo(Extent.OBJECT);
    assertThat(refused).hasMessageContaining(namespace).hasMessageContaining("terminat");
    // When
    hold(false);
    await().atMost(LONG).until(() -> client().namespaces().withName(namespace).get() == null);
    // Then
    deploy(more);
    assertThat(client().configMaps().inNamespace(namespace).withName("b").get()).isNotNull();
  }

  @Test
  void anObjectThatAPolicyDeniesFailsWithItsWords() {
    // Given
    deploy(plan());
    make(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: NAME}
        spec:
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            resourceRules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
          validations:
            - {expression: "object.metadata.name != 'denied'", message: "the auditors do not want it"}
        """);
    make(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: NAME}
        spec: {policyName: NAME, validationActions: [Deny]}
        """);
    // Then: it holds after a moment
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThatThrownBy(() -> deploy(plan("denied")))
                .isInstanceOf(RolloutFailedException.class)
                .hasMessageContaining("ConfigMap/%s/denied".formatted(namespace))
                .hasMessageContaining("the auditors do not want it"));
  }

  @Test
  void aWebhookThatIsDownIsWaitedFor() {
    // Given: nobody listens there
    deploy(plan());
    make(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: NAME}
        webhooks:
          - name: down.floe.dev
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Fail
            timeoutSeconds: 2
            clientConfig: {url: "https://127.0.0.1:1/"}
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}
        """);
    // Then
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThatThrownBy(
                    () -> deploy(plan("c" + ThreadLocalRandom.current().nextInt(1 << 24))))
                .isInstanceOf(RuntimeUnavailableException.class)
                .hasMessageContaining("down.floe.dev"));
    // When
    made.forEach(object -> client().resource(object).delete());
    // Then
    await().atMost(LONG).ignoreExceptions().until(() -> deploy(plan("last")));
  }

  private boolean deploy(Plan plan) {
    runtime.prepare(plan, WritePermit.ALWAYS);
    runtime.apply(
        plan, plan.components().getFirst(), WritePermit.ALWAYS, applied -> {}, words -> {});
    return true;
  }

  private void make(String yaml) {
    HasMetadata object =
        client()
            .getKubernetesSerialization()
            .unmarshal(
                yaml.replace("NAMESPACE", namespace).replace("NAME", platform + ".floe.dev"));
    made.addFirst(client().resource(object).create());
  }

  /** Keeps a ConfigMap from going, or lets it go. */
  private void hold(boolean held) {
    client()
        .configMaps()
        .inNamespace(namespace)
        .withName("a")
        .edit(object -> {
          object.getMetadata().setFinalizers(held ? List.of("floe.dev/test") : List.of());
          return object;
        });
  }

  private Plan plan(String... names) {
    var objects = Stream.of(names).map(this::configMap).toList();
    var component =
        new PlannedComponent("c", "c", "c", "1", List.of(), objects, List.of(), List.of(), null);
    return new Plan(platform, "kubernetes", namespace, List.of(component), List.of(), List.of());
  }

  private ObjectNode configMap(String name) {
    var object = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1");
    object.put("kind", ConfigMap.class.getSimpleName());
    var metadata = object.putObject("metadata").put("name", name).put("namespace", namespace);
    metadata
        .putObject("labels")
        .put("app.kubernetes.io/managed-by", "floe-platform-manager")
        .put("floe.dev/platform", platform);
    return object;
  }
}
