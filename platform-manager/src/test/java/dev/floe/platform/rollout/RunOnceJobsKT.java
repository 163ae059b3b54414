package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A component whose schema a Job makes before its server starts; each test continues from the last.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(value = RunOnceJobsKT.OnKubernetes.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public class RunOnceJobsKT {
  private static final String NAME =
      "jobs-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private static final String NAMESPACE = "floe-" + NAME;

  private static Cluster cluster;

  /** Runs platform-manager against the cluster of KUBECONFIG, with a blueprint of its own. */
  public static final class OnKubernetes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        var folder = Files.createTempDirectory("blueprints");
        var system = folder.resolve("staged");
        Files.createDirectories(system.resolve("kubernetes"));
        write(
            system.resolve("blueprint.yaml"),
            """
            blueprint: floe.dev/v1
            system: staged
            version: "1"
            kinds: [catalog]
            images: {main: postgresql:15}
            config:
              type: object
              properties: {schema: {type: string, default: one}}
            kubernetes:
              objects:
                - job.yaml
                - server.yaml
                - {file: monitor.yaml, ifKind: monitoring.coreos.com/v1/ServiceMonitor}
            """);
        write(
            system.resolve("kubernetes/job.yaml"),
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: "${component.name}-schema"}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: schema
                      image: ${images.main}
                      imagePullPolicy: IfNotPresent
                      command: [bash, -c, 'echo "schema $0"; test -e /switch/on || { echo no such host; exit 3; }', "${config.schema}"]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                      volumeMounts: [{name: switch, mountPath: /switch}]
                  volumes:
                    - name: switch
                      configMap: {name: switch, optional: true}
            """);
        write(
            system.resolve("kubernetes/server.yaml"),
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: "${component.name}"}
            spec:
              replicas: 1
              selector: {matchLabels: {app.kubernetes.io/name: staged}}
              template:
                metadata: {labels: {app.kubernetes.io/name: staged}}
                spec:
                  terminationGracePeriodSeconds: 0
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: server
                      image: ${images.main}
                      imagePullPolicy: IfNotPresent
                      command: [sleep, infinity]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """);
        write(
            system.resolve("kubernetes/monitor.yaml"),
            """
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: {name: "${component.name}"}
            spec: {endpoints: [{port: metrics}]}
            """);
        return Map.of(
            "floe.runtime", "kubernetes",
            "floe.platform.blueprints", folder.toString(),
            "floe.platform.status.interval", "PT1S",
            "floe.platform.runtime.failure-grace", "PT5S");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void write(Path file, String text) throws IOException {
      Files.writeString(file, text);
    }

    @Override
    public void stop() {}
  }

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
    cluster.remove(NAMESPACE);
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  private static String manifest(String schema) {
    return """
    apiVersion: floe.dev/v1
    kind: Manifest
    metadata: {name: %s, version: 1.0.0}
    plugins:
      catalog: {type: staged, config: {schema: %s}}
    """
        .formatted(NAME, schema);
  }

  private static List<Job> jobs() {
    return client().batch().v1().jobs().inNamespace(NAMESPACE).list().getItems();
  }

  @Test
  @Order(1)
  void aJobThatFailsFailsTheReleaseBeforeWhatStandsBehindIt() {
    // When
    var release = deploy(NAME, manifest("one"));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("FAILED");
    assertThat(release.getString("message")).contains("staged: BackoffLimitExceeded");
    api()
        .get("/platforms/" + NAME + "/releases/1/jobs")
        .then()
        .statusCode(200)
        .body("items.size()", equalTo(1))
        .body("items[0].component", equalTo("staged"))
        .body("items[0].job", startsWith("staged-schema-"))
        .body("items[0].succeeded", equalTo(false))
        .body("items[0].log", containsString("no such host"));
    assertThat(client().apps().deployments().inNamespace(NAMESPACE).list().getItems()).isEmpty();
  }

  @Test
  @Order(2)
  void theSameJobRunsAgainInTheNextRelease() {
    // Given
    var failed = jobs().getFirst().getMetadata();
    client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("switch")
                .endMetadata()
                .addToData("on", "")
                .build())
        .create();
    // When
    var release = deploy(NAME, manifest("one"));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    assertThat(jobs())
        .singleElement()
        .satisfies(job -> {
          assertThat(job.getMetadata().getName()).isEqualTo(failed.getName());
          assertThat(job.getMetadata().getUid()).isNotEqualTo(failed.getUid());
        });
    api()
        .get("/platforms/" + NAME + "/releases/2/jobs?limit=500")
        .then()
        .statusCode(200)
        .body("items[0].succeeded", equalTo(true))
        .body("items[0].log", containsString("schema one"));
    assertThat(
            client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("staged")
                .get()
                .getStatus()
                .getAvailableReplicas())
        .isEqualTo(1);
  }

  @Test
  @Order(3)
  void nothingRunsAgainForTheSameManifest() {
    // Given
    var uid = jobs().getFirst().getMetadata().getUid();
    // When
    api().body(manifest("one")).put("/platforms/" + NAME).then().statusCode(200);
    // Then
    assertThat(jobs()).extracting(job -> job.getMetadata().getUid()).containsExactly(uid);
  }

  @Test
  @Order(4)
  void aJobThatIsGoneTakesNothingFromAPlatformThatRuns() {
    // When
    client().resource(jobs().getFirst()).delete();
    await().atMost(Duration.ofMinutes(1)).until(() -> jobs().isEmpty());
    // Then: also at the looks after that
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            api()
                .get("/platforms/" + NAME + "/status")
                .then()
                .body("ready", equalTo(true))
                .body("components[0].ready", equalTo(true)));
  }

  @Test
  @Order(5)
  void theNewestJobsStayAndGoingBackRunsNothingAgain() {
    // When
    for (var schema : List.of("two", "three", "four", "five")) {
      assertThat(deploy(NAME, manifest(schema)).getString("state")).isEqualTo("DEPLOYED");
    }
    // Then
    assertThat(jobs())
        .extracting(job ->
            job.getSpec().getTemplate().getSpec().getContainers().getFirst().getCommand().getLast())
        .containsExactlyInAnyOrder("three", "four", "five");
    var uids = jobs().stream().map(job -> job.getMetadata().getUid()).toList();
    // When
    assertThat(deploy(NAME, manifest("four")).getString("state")).isEqualTo("DEPLOYED");
    // Then
    assertThat(jobs().stream().map(job -> job.getMetadata().getUid()).toList())
        .containsExactlyInAnyOrderElementsOf(uids);
  }

  @Test
  @Order(6)
  void whatTheClusterHasNoKindForComesOnceItHas() {
    // Given
    var definition =
        new CustomResourceDefinitionBuilder()
            .withNewMetadata()
            .withName("servicemonitors.monitoring.coreos.com")
            .endMetadata()
            .withNewSpec()
            .withGroup("monitoring.coreos.com")
            .withScope("Namespaced")
            .withNewNames()
            .withKind("ServiceMonitor")
            .withPlural("servicemonitors")
            .endNames()
            .addNewVersion()
            .withName("v1")
            .withServed(true)
            .withStorage(true)
            .withNewSchema()
            .withNewOpenAPIV3Schema()
            .withType("object")
            .withXKubernetesPreserveUnknownFields(true)
            .endOpenAPIV3Schema()
            .endSchema()
            .endVersion()
            .endSpec()
            .build();
    api()
        .body(manifest("four"))
        .post("/platforms/" + NAME + "/diff")
        .then()
        .body(
            "warnings",
            hasItem(containsString("does not serve monitoring.coreos.com/v1/ServiceMonitor")));
    try {
      // When
      client().resource(definition).create();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> client().getApiResources("monitoring.coreos.com/v1") != null);
      // Then
      assertThat(deploy(NAME, manifest("four")).getString("state")).isEqualTo("DEPLOYED");
      assertThat(
              client()
                  .genericKubernetesResources("monitoring.coreos.com/v1", "ServiceMonitor")
                  .inNamespace(NAMESPACE)
                  .withName("staged")
                  .get())
          .isNotNull();
      api().get("/platforms/" + NAME + "/status").then().body("ready", equalTo(true));
    } finally {
      client().resource(definition).delete();
    }
    // Then: the kind is gone, and with it the object
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client().getApiResources("monitoring.coreos.com/v1") == null);
    assertThat(deploy(NAME, manifest("four")).getString("state")).isEqualTo("DEPLOYED");
  }

  @Test
  @Order(7)
  void destroyRemovesAllJobs() {
    // When
    var location =
        api().delete("/platforms/" + NAME).then().statusCode(202).extract().header("Location");
    assertThat(awaitEnd(location).getString("state")).isEqualTo("DEPLOYED");
    // Then
    await().atMost(Duration.ofMinutes(1)).until(() -> jobs().isEmpty());
  }
}
