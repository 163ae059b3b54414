package dev.floe.platform.rollout;

import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.oneOf;

import dev.floe.test.EmbeddedPostgresResource;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Set;

/** The REST API as the tests call it. */
final class PlatformsApi {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Set<String> UNFINISHED = Set.of("PENDING", "APPLYING", "VERIFYING");

  private PlatformsApi() {}

  static RequestSpecification api() {
    return given()
        .config(
            RestAssured.config()
                .encoderConfig(
                    encoderConfig().encodeContentTypeAs("application/yaml", ContentType.TEXT)))
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .contentType("application/yaml")
        .basePath("/api/v1");
  }

  /** Deploys and waits for the end of the release. */
  static JsonPath deploy(String platform, String manifest) {
    return awaitEnd(
        api()
            .body(manifest)
            .put("/platforms/" + platform)
            .then()
            .statusCode(oneOf(200, 202)) // 200: it runs already, and nothing would change
            .extract()
            .header("Location"));
  }

  static JsonPath awaitEnd(String location) {
    return await()
        .atMost(LONG)
        .until(
            () ->
                given()
                    .auth()
                    .oauth2(EmbeddedPostgresResource.TOKEN)
                    .get(location + "?wait=PT20S")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath(),
            one -> !UNFINISHED.contains(one.getString("state")));
  }
}
