package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import dev.floe.local.process.Supervisor;
import dev.floe.local.secret.SecretFiles;
import dev.floe.platform.LocalHome;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One platform with a real PostgreSQL and Dagster; each test continues from the last. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalRolloutTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final Path PLATFORM =
      LocalHome.home().component("orders", "postgresql").resolveSibling("");
  private static final Path COPY = PLATFORM.resolve("dagster/webserver-copy");
  private static final String LOCATIONS =
      "{repositoriesOrError{... on RepositoryConnection{nodes{name location{name}}}}}";
  private static final String MANIFEST =
      """
      apiVersion: floe.dev/v1
      kind: Manifest
      metadata: {name: orders, version: 1.0.0}
      plugins:
        compute: {type: postgresql}
        orchestrator:
          type: dagster
          config:
            codeLocations: [{name: orders, module: orders, image: "floe.local/orders:1"}]
        telemetry_backend: {type: telemetry}
      domains:
        sales: {namespace: sales}
      """;

  @Test
  @Order(1)
  void aPlatformComesUpForRealAndJobsInheritFromIt() {
    // When
    var release = deploy("orders", MANIFEST);
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    var status = api().get("/platforms/orders").then().statusCode(200).extract().jsonPath();
    assertThat(status.getBoolean("ready")).as(status.prettify()).isTrue();
    // Dagster answers before it has loaded its code locations.
    await().atMost(LONG).untilAsserted(() -> assertThat(locations(status)).contains("orders"));
    var bindings =
        api()
            .get("/platforms/orders/bindings?domain=sales")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    assertThat(bindings.getList("components.available")).containsOnly(true);
    assertThat(bindings.getList("bindings.env.flatten().name"))
        .contains("FLOE_WAREHOUSE_PATH", "OTEL_EXPORTER_OTLP_HEADERS");
  }

  private static List<String> locations(JsonPath status) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("query", LOCATIONS))
        .post(status.getString("components.find { it.name == 'dagster' }.url") + "/graphql")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("data.repositoriesOrError.nodes.location.name");
  }

  @Test
  @Order(2)
  void anEqualDeployLeavesWhatRunsAlone() throws IOException {
    // Given: somebody copied the folder of a process that runs
    var before = pids();
    var copy = Files.createDirectories(COPY);
    try (var files = Files.list(PLATFORM.resolve("dagster/webserver"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    // When
    assertThat(deploy("orders", MANIFEST).getString("state")).isEqualTo("DEPLOYED");
    // Then
    assertThat(pids()).isEqualTo(before);
    // When: the token that it had copied is another by now
    SecretFiles.at(LocalHome.home()).put("floe-orders", "dagster-floe", Map.of("token", "old"));
    var diff = api().body(MANIFEST).post("/platforms/orders/diff").then().statusCode(200);
    // Then
    assertThat(diff.extract().jsonPath().<String>getList("changes.object"))
        .containsExactly("Secret/floe-orders/dagster-floe");
    assertThat(deploy("orders", MANIFEST).getInt("number")).isEqualTo(2);
    assertThat(SecretFiles.at(LocalHome.home()).find("floe-orders", "dagster-floe", "token"))
        .isPresent()
        .isNotEqualTo(Optional.of("old"));
  }

  @Test
  @Order(3)
  void whatEndedIsStartedAgain() {
    // Given
    var daemon = process("dagster/daemon");
    // When
    daemon.stop(Duration.ofSeconds(20));
    assertThat(daemon.awaitEnd(LONG)).isPresent();
    // Then
    await().atMost(LONG).until(() -> daemon.status() instanceof Running);
  }

  @Test
  @Order(4)
  void logsOfAllProcessesOfAComponentAreRead() {
    api()
        .accept("text/plain")
        .get("/platforms/orders/components/dagster/logs?tail=50")
        .then()
        .statusCode(200)
        .body(containsString("[dagster-webserver] "))
        .body(containsString("[dagster-code-orders] "));
  }

  @Test
  @Order(5)
  void aLocalImageThatNobodyDefinedFailsTheReleaseWithWhatToDo() {
    // When
    var release =
        deploy(
            "orders",
            MANIFEST
                .replace("{name: orders, module", "{name: renamed, module")
                .replace("floe.local/orders:1", "floe.local/no:1"));
    // Then
    assertThat(release.getString("state")).isEqualTo("FAILED");
    assertThat(release.getString("message")).contains("floe local image add floe.local/no:1");
  }

  @Test
  @Order(6)
  void removalEndsEveryProcessAndKeepsTheData() {
    // When
    awaitEnd(api().delete("/platforms/orders").then().statusCode(202).extract().header("Location"));
    // Then
    api().get("/platforms/orders").then().statusCode(404);
    assertThat(PLATFORM.resolve("dagster/webserver")).doesNotExist();
    // the failed release did not have this one any more
    assertThat(PLATFORM.resolve("dagster/code-orders")).doesNotExist();
    assertThat(COPY).exists();
    assertThat(PLATFORM.resolve("postgresql/data/cluster/PG_VERSION")).exists();
    assertThat(PLATFORM.resolve("postgresql/data/warehouse")).exists();
  }

  private static Map<String, Long> pids() {
    var pids = new TreeMap<String, Long>();
    for (var name :
        List.of(
            "dagster/webserver", "dagster/daemon", "dagster/code-orders", "postgresql/server")) {
      pids.put(name, process(name).status() instanceof Running running ? running.pid() : 0L);
    }
    return pids;
  }

  private static SupervisedProcess process(String name) {
    return Supervisor.at(LocalHome.home()).open(PLATFORM.resolve(name));
  }
}
