package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A platform with a real Dagster and no code location. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(value = DagsterRolloutKT.Suite.class, restrictToAnnotatedClass = true)
class DagsterRolloutKT {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String NAME =
      "kt-d%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
  private static final String NAMESPACE = "floe-" + NAME;
  private static final String STARTED = "/opt/dagster/home/daemon_started.py";

  /** Where the token is that the platform gets a copy of. */
  private static final String SUITE = "suite-" + NAME;

  private static Cluster cluster;

  /** Runs platform-manager against the cluster of KUBECONFIG. */
  public static final class Suite implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      return Map.of("floe.runtime", "kubernetes", "floe.platform.runtime.suite-namespace", SUITE);
    }

    @Override
    public void stop() {}
  }

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
    var meta = new ObjectMetaBuilder().withName(SUITE).build();
    client().resource(new NamespaceBuilder().withMetadata(meta).build()).create();
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("floe-token")
                .withNamespace(SUITE)
                .endMetadata()
                .addToStringData("token", "a-token-of-the-suite-for-tests")
                .build())
        .create();
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.remove(NAMESPACE);
    cluster.remove(SUITE);
    cluster.close();
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  @Test
  void theDaemonIsReadyWithAHeartbeatOfItsOwn() throws Exception {
    // When
    var release =
        deploy(
            NAME,
            """
            apiVersion: floe.dev/v1
            kind: Manifest
            metadata: {name: %s, version: 1.0.0}
            plugins:
              orchestrator: {type: dagster}
            """
                .formatted(NAME));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    var daemon = pod("daemon");
    assertThat(exec(daemon, "python", STARTED)).isZero();
    // When: the heartbeats that are there are those of a daemon before this container
    client().apps().deployments().inNamespace(NAMESPACE).withName("dagster-daemon").scale(0);
    client().pods().resource(daemon).waitUntilCondition(pod -> pod == null, 2, TimeUnit.MINUTES);
    var old = pod("webserver");
    client().pods().resource(old).delete();
    Awaitility.await()
        .atMost(LONG)
        .until(() -> {
          var pod = pod("webserver");
          return !pod.getMetadata().getUid().equals(old.getMetadata().getUid())
              && pod.getStatus().getContainerStatuses().stream().allMatch(one -> one.getReady());
        });
    // Then
    var script = String.valueOf(config().get("daemon_started.py"));
    assertThat(exec(pod("webserver"), "python", "-c", script)).isEqualTo(1);
  }

  private static Map<String, String> config() {
    return client().configMaps().inNamespace(NAMESPACE).withName("dagster").get().getData();
  }

  private static Pod pod(String component) {
    return client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst()
        .orElseThrow();
  }

  private static int exec(Pod pod, String... command) throws Exception {
    try (var run =
        client()
            .pods()
            .resource(pod)
            .inContainer(pod.getSpec().getContainers().getFirst().getName())
            .writingOutput(OutputStream.nullOutputStream())
            .writingError(OutputStream.nullOutputStream())
            .exec(command)) {
      return run.exitCode().get(2, TimeUnit.MINUTES);
    }
  }
}
