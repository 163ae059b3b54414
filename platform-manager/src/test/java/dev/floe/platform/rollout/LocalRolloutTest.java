package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.platform.LocalHome;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class LocalRolloutTest {
  private static final Duration LONG = Duration.ofMinutes(4);
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
  void aPlatformComesUpForRealAndJobsInheritFromIt() {
    // When
    var release = deploy("orders", MANIFEST);
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");

    var status = api().get("/platforms/orders").then().statusCode(200).extract().jsonPath();
    assertThat(status.getBoolean("ready")).as(status.prettify()).isTrue();
    var dagster = status.getString("components.find { it.name == 'dagster' }.url");
    given()
        .contentType(ContentType.JSON)
        .body(
            "{\"query\":\"{repositoriesOrError{... on RepositoryConnection{nodes{name location{name}}}}}\"}")
        .post(dagster + "/graphql")
        .then()
        .statusCode(200)
        .body(
            "data.repositoriesOrError.nodes[0].location.name",
            org.hamcrest.Matchers.equalTo("orders"));

    var bindings =
        api()
            .get("/platforms/orders/bindings?domain=sales")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    assertThat(bindings.getList("components.ready")).containsOnly(true);
    assertThat(
            bindings.getString(
                "bindings.find { it.name == 'warehouse' }.env.find { it.name == 'FLOE_WAREHOUSE_TYPE' }.value"))
        .isEqualTo("duckdb");

    api().delete("/platforms/orders").then().statusCode(202);
    await().atMost(LONG).untilAsserted(() -> api().get("/platforms/orders").then().statusCode(404));
  }
}
