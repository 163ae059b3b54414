package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The API server is away for a minute. Only on a cluster whose API server a test may kill: one that
 * {@code testcluster} started, told by its {@code cluster.json} beside the kubeconfig.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(
    value = KubernetesRolloutKT.OnKubernetes.class,
    restrictToAnnotatedClass = true)
class ApiServerOutageKT {
  private static final Duration OUTAGE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final Path PROGRAM =
      Path.of(System.getProperty("user.home"), ".cache/testcluster/testcluster");

  private final String running = name();
  private final String deployed = name();
  private Cluster cluster;
  private Path folder;

  private static String name() {
    return "kt-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  }

  @BeforeEach
  void connect() {
    cluster = Cluster.connect();
    folder = cluster.kubeconfig().resolveSibling("");
    assumeThat(folder.resolve("cluster.json")).as("a cluster of testcluster").exists();
    assumeThat(Files.isExecutable(PROGRAM)).as("testcluster is there").isTrue();
    cluster.remove("floe-" + running);
    cluster.remove("floe-" + deployed);
  }

  @AfterEach
  void bringBack() throws Exception {
    testcluster("start");
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> !cluster.client().namespaces().list().getItems().isEmpty());
    cluster.close();
  }

  @Test
  void deployThatLosesTheApiServerForAMinuteSucceeds() throws Exception {
    // Given
    assertThat(deploy(running, manifest(running)).getString("state")).isEqualTo("DEPLOYED");
    // When
    testcluster("kill");
    long killed = System.nanoTime();
    var location =
        api()
            .body(manifest(deployed))
            .put("/platforms/" + deployed)
            .then()
            .statusCode(202)
            .extract()
            .header("Location");
    // Then: whoever needs an answer at once is asked to come back
    api()
        .body(manifest(running))
        .post("/platforms/" + running + "/diff")
        .then()
        .statusCode(503)
        .header("Retry-After", "5")
        .body("detail", containsString("the API server cannot be reached"));
    // Then: what was ready stays ready
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            api()
                .get("/platforms/" + running)
                .then()
                .body("components[0].message", containsString("the API server cannot be reached"))
                .body("ready", equalTo(true)));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            api()
                .get("/platforms/" + deployed)
                .then()
                .body("state", equalTo("APPLYING"))
                .body("message", containsString("waits for the runtime")));
    await().atMost(LONG).until(() -> System.nanoTime() - killed > OUTAGE.toNanos());
    // When
    testcluster("start");
    // Then
    var release = awaitEnd(location);
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            api()
                .get("/platforms/" + running)
                .then()
                .body("ready", equalTo(true))
                .body("components[0].message", equalTo(null)));
  }

  private static String manifest(String name) {
    return """
    apiVersion: floe.dev/v1
    kind: Manifest
    metadata: {name: %s, version: 1.0.0}
    plugins:
      compute: {type: postgresql, config: {storage: 1Gi}}
    """
        .formatted(name);
  }

  private void testcluster(String verb) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(PROGRAM.toString(), verb, "kube-apiserver", "--dir", folder.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    process.getInputStream().readAllBytes();
    process.waitFor();
  }
}
