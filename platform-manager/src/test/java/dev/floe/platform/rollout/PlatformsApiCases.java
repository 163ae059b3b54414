package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import dev.floe.local.secret.SecretFiles;
import dev.floe.platform.LocalHome;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the REST API answers, over HTTP alone, with platforms that start no process. */
abstract class PlatformsApiCases {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final String name = "p-" + UUID.randomUUID().toString().substring(0, 8);

  private String manifest(String rest) {
    return """
    apiVersion: floe.dev/v1
    kind: Manifest
    metadata: {name: %s, version: 1.0.0}
    plugins:
      telemetry_backend: {type: telemetry}
    domains:
      sales: {namespace: %s-sales}
    """
            .formatted(name, name)
        + rest;
  }

  @Test
  void aPlatformIsDeployedReadAndRemoved() throws IOException {
    // When
    var location =
        api()
            .body(manifest(""))
            .put("/platforms/" + name)
            .then()
            .statusCode(202)
            .body("platform", equalTo(name))
            .body("number", equalTo(1))
            .extract()
            .header("Location");
    // Then
    assertThat(awaitEnd(location).getString("state")).isEqualTo("DEPLOYED");
    api()
        .get("/platforms/" + name)
        .then()
        .statusCode(200)
        .body("ready", equalTo(true))
        .body("components[0].kind", equalTo("telemetry_backend"));
    api()
        .get("/platforms/" + name + "/details")
        .then()
        .statusCode(200)
        .body("status.platform", equalTo(name))
        .body("currentRelease", equalTo(1))
        .body("boundRelease", equalTo(1))
        .body("domains[0].namespace", equalTo(name + "-sales"))
        .body("variables", hasItem("OTEL_EXPORTER_OTLP_HEADERS"));
    api().get("/platforms?limit=500").then().statusCode(200).body("items.platform", hasItem(name));
    api()
        .get("/platforms/" + name + "/bindings?domain=sales")
        .then()
        .statusCode(200)
        .body("namespace", equalTo(name + "-sales"))
        .body("components[0].available", equalTo(true))
        .body("bindings[0].env[2].secretRef.name", equalTo(name + "-telemetry"));
    assertThat(
            SecretFiles.at(LocalHome.home()).find(name + "-sales", name + "-telemetry", "headers"))
        .hasValue("authorization=Bearer " + LocalHome.TELEMETRY_TOKEN);
    // When: the same again
    api()
        .body(manifest(""))
        .put("/platforms/" + name)
        .then()
        .statusCode(200)
        .header("Location", equalTo(location))
        .body("number", equalTo(1))
        .body("state", equalTo("DEPLOYED"));
    // When
    var removal =
        api().delete("/platforms/" + name).then().statusCode(202).extract().header("Location");
    // Then
    assertThat(awaitEnd(removal).getString("message")).contains("data and Secrets stay");
    api()
        .get("/platforms/" + name)
        .then()
        .statusCode(404)
        .body("type", startsWith("https://floe.dev/problems/"));
    api().delete("/platforms/" + name).then().statusCode(204);
    api()
        .get("/platforms/" + name + "/releases")
        .then()
        .statusCode(200)
        .body("items.number", equalTo(java.util.List.of(2, 1)));
  }

  @Test
  void theJournalIsReadAsEventsAndTakenUpWhereAReaderStopped() {
    // Given
    deploy(name, manifest("governance: {policy_enforcement_level: warn}\n"));
    var path = "/platforms/" + name + "/releases/1/events";
    // When
    var all =
        api().accept("text/event-stream").get(path).then().statusCode(200).extract().asString();
    var rest =
        api()
            .accept("text/event-stream")
            .header("Last-Event-ID", "1")
            .get(path)
            .then()
            .statusCode(200)
            .extract()
            .asString();
    // Then
    assertThat(all)
        .contains(
            "id:1\n", "event:ManifestWarning", "/governance (line 8)", "event:ReleaseDeployed");
    assertThat(rest).contains("event:ReleaseDeployed").doesNotContain("id:1\n");
  }

  @Test
  void aWrongManifestIsAnsweredWithEachErrorsPlace() {
    api()
        .body(manifest("governence: {}\ndefaults: {}\ndefaults: {}\n"))
        .put("/platforms/" + name)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors[0].pointer", equalTo("/defaults"))
        .body("errors[0].line", equalTo(10));
    api()
        .body(manifest("governence: {}\n"))
        .put("/platforms/" + name)
        .then()
        .statusCode(400)
        .body("errors[0].message", containsString("did you mean 'governance'?"))
        .body("errors[0].line", equalTo(8))
        .body("errors[0].column", equalTo(1));
    api().get("/platforms/" + name).then().statusCode(404);
  }

  @Test
  void theNameOfTheRouteIsTheManifests() {
    api()
        .body(manifest(""))
        .put("/platforms/other")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/metadata/name"));
  }

  @Test
  void aBodyThatIsNoManifestIsRefused() {
    api().body("- a\n- b\n").put("/platforms/" + name).then().statusCode(400);
    api().body("").put("/platforms/" + name).then().statusCode(400);
    api().body("x".repeat(2_000_000)).put("/platforms/" + name).then().statusCode(413);
    given()
        .auth()
        .oauth2("not the token of the tests")
        .put("/api/v1/platforms/x")
        .then()
        .statusCode(401);
  }

  @Test
  void theDifferenceIsNamedBeforeAnythingIsDone() {
    // Given
    var compute = manifest("").replace("domains:", "  compute: {type: postgresql}\ndomains:");
    // When
    var diff = api().body(compute).post("/platforms/" + name + "/diff").then().statusCode(200);
    // Then
    diff.body("changes.object", hasItem("PostgresqlServer/postgresql/postgresql"))
        .body("changes[0].action", equalTo("CREATE"));
    api().get("/platforms/" + name).then().statusCode(404);
  }

  @Test
  void aManifestIsRenderedAsYaml() {
    var compute = manifest("").replace("domains:", "  compute: {type: postgresql}\ndomains:");
    api()
        .body(compute)
        .accept("application/yaml")
        .post("/platforms/" + name + "/render")
        .then()
        .statusCode(200)
        .body(containsString("kind: PostgresqlServer"))
        .body(
            containsString(
                "# secret postgresql-warehouse password=generate:32 username=value:warehouse"));
  }

  @Test
  void anInlineSecretIsKeptOutOfEverythingThatIsRead() throws IOException {
    // When
    deploy(
        name,
        manifest("")
            .replace(
                "domains:",
                "  catalog: {type: polaris, config: {client_secret: s3cr3t-of-mine}}\ndomains:"));
    // Then
    assertThat(SecretFiles.at(LocalHome.home()).find("floe-" + name, "inline-catalog"))
        .hasValueSatisfying(values -> assertThat(values).containsValue("s3cr3t-of-mine"));
    var events =
        api()
            .accept("text/event-stream")
            .get("/platforms/" + name + "/releases/1/events")
            .then()
            .extract()
            .asString();
    assertThat(events).contains("a secret stands here").doesNotContain("s3cr3t-of-mine");
  }

  @Test
  void aNewerReleaseTakesOver() {
    // Given
    var manifest =
        manifest("")
            .replace(
                "telemetry_backend: {type: telemetry}",
                "orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: b, image: 'nowhere:1'}]}}");
    // When
    var location =
        api()
            .body(manifest)
            .put("/platforms/" + name)
            .then()
            .statusCode(202)
            .extract()
            .header("Location");
    api().body(manifest("")).put("/platforms/" + name).then().statusCode(202);
    // Then: the newer release takes over, whatever the older one was about
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            api()
                .get("/platforms/" + name + "/releases/2")
                .then()
                .body("state", equalTo("DEPLOYED")));
    assertThat(awaitEnd(location).getString("state")).isIn("ABORTED", "FAILED");
  }

  @Test
  void logOfAComponentThatRunsNothingIsEmpty() {
    // Given
    deploy(name, manifest(""));
    // Then
    api()
        .get("/platforms/" + name + "/components/telemetry/logs")
        .then()
        .statusCode(200)
        .contentType("text/plain")
        .body(equalTo(""));
  }

  @Test
  void whatHappensWhileAnotherReleaseIsUnderWayIsAsked() {
    // Given: one that cannot become ready
    var stuck =
        manifest("")
            .replace(
                "telemetry_backend: {type: telemetry}",
                "orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: b, image: 'nowhere:1'}]}}");
    api().body(manifest("")).put("/platforms/" + name + "?ifBusy=later").then().statusCode(400);
    var location = api().body(stuck).put("/platforms/" + name).then().extract().header("Location");
    // When
    int refused =
        api()
            .body(manifest(""))
            .put("/platforms/" + name + "?ifBusy=refuse")
            .then()
            .extract()
            .statusCode();
    // Then: unless it has failed by now
    var state = api().get(location).then().extract().jsonPath().getString("state");
    assertThat(refused)
        .isIn("FAILED".equals(state) ? java.util.List.of(202, 409) : java.util.List.of(409));
    // When
    int aborted = api().post(location + "/abort").then().extract().statusCode();
    // Then
    assertThat(aborted).isIn(202, 409);
    assertThat(awaitEnd(location).getString("state")).isIn("ABORTED", "FAILED");
    api().post(location + "/abort").then().statusCode(409);
    api().post("/platforms/nowhere/releases/1/abort").then().statusCode(404);
  }

  @Test
  void aComponentAloneNeedsAPlatformThatIsDeployed() {
    // Given
    var manifest = manifest("");
    // Then
    api()
        .body(manifest)
        .put("/platforms/" + name + "?component=telemetry")
        .then()
        .statusCode(409)
        .body("detail", containsString("deploy the whole manifest first"));
    // When
    deploy(name, manifest);
    // Then
    api()
        .body(manifest)
        .put("/platforms/" + name + "?component=nothing")
        .then()
        .statusCode(400)
        .body("errors[0].message", containsString("the manifest has no component 'nothing'"));
    api().body(manifest).put("/platforms/" + name + "?component=telemetry").then().statusCode(200);
    api()
        .body(manifest)
        .post("/platforms/" + name + "/diff?component=telemetry")
        .then()
        .statusCode(200)
        .body("changes", empty());
    api()
        .body(manifest)
        .post("/platforms/" + name + "/diff?component=nothing")
        .then()
        .statusCode(400);
  }

  @Test
  void blueprintsAreListedShownAndChecked() {
    api()
        .get("/blueprints")
        .then()
        .statusCode(200)
        .body("items.system", hasItem("dagster"))
        .body("items.find { it.system == 'dagster' }.requires", hasItem("postgresql"));
    api()
        .get("/blueprints/postgresql")
        .then()
        .statusCode(200)
        .body("summary.own", equalTo(false))
        .body("settings.find { it.name == 'storage' }.fallback", equalTo("\"10Gi\""));
    api().get("/blueprints/nosuch").then().statusCode(404);
    api()
        .contentType(ContentType.JSON)
        .body("{\"files\":{\"cache/blueprint.yaml\":\"blueprint: floe.dev/v1\\nsystm: cache\\n\"}}")
        .post("/blueprints/validate")
        .then()
        .statusCode(200)
        .body("problems.file", everyItem(equalTo("cache/blueprint.yaml")))
        .body("problems.find { it.message.contains('systm') }.line", equalTo(2));
    api()
        .contentType(ContentType.JSON)
        .body("{\"files\":{\"../x\":\"\"}}")
        .post("/blueprints/validate")
        .then()
        .statusCode(400);
    api()
        .contentType(ContentType.JSON)
        .body("{\"files\":{\"cache/blueprint.yaml\":null}}")
        .post("/blueprints/validate")
        .then()
        .statusCode(400);
    api()
        .contentType(ContentType.JSON)
        .body("{}")
        .post("/blueprints/validate")
        .then()
        .statusCode(400);
  }

  @Test
  void theSchemaOfManifestsIsPublished() {
    api()
        .get("/schemas/manifest")
        .then()
        .statusCode(200)
        .contentType("application/schema+json")
        .body("title", equalTo("floe manifest"));
    api().get("/schemas/blueprint").then().statusCode(200).body("title", equalTo("floe blueprint"));
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    api().get("/platforms/nowhere").then().statusCode(404);
    api().get("/platforms/nowhere/releases").then().statusCode(404);
    api().get("/platforms/nowhere/details").then().statusCode(404);
    api().get("/platforms/nowhere/releases/1").then().statusCode(404);
    api().get("/platforms/nowhere/bindings?domain=d").then().statusCode(404);
    api().get("/platforms/nowhere/components/c/logs").then().statusCode(404);
    api().delete("/platforms/nowhere").then().statusCode(404);
    api().get("/platforms/nowhere/bindings").then().statusCode(400);
  }
}
