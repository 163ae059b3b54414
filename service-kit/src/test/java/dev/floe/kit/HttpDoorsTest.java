package dev.floe.kit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(HttpDoorsTest.WithToken.class)
class HttpDoorsTest {
  private static final String TOKEN = "a-token-for-this-test";

  /** Gives the service a token file. */
  public static class WithToken implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        var file = Files.createTempFile("token", "");
        Files.writeString(file, TOKEN + "\nanother-token-of-before\n");
        return Map.of("floe.auth.token-file", file.toString(), "quarkus.http.test-port", "0");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static RequestSpecification signedIn() {
    return given().header("Authorization", "Bearer " + TOKEN).contentType(ContentType.JSON);
  }

  @Test
  void healthNeedsNoToken() {
    given().get("/q/health/live").then().statusCode(200);
  }

  @Test
  void nothingElseIsServedWithoutOne() {
    for (var path : new String[] {"/echo", "/q/metrics", "/q/openapi", "/q/info", "/nowhere"}) {
      given()
          .get(path)
          .then()
          .statusCode(401)
          .contentType("application/problem+json")
          .header("WWW-Authenticate", "Bearer")
          .body("type", equalTo("https://floe.dev/problems/unauthenticated"));
    }
  }

  @Test
  void aPathThatOnlyLooksLikeHealthNeedsOne() {
    given().urlEncodingEnabled(false).get("/q/health/../metrics").then().statusCode(401);
    given().get("/q/healthy").then().statusCode(401);
  }

  @Test
  void aWrongTokenIsRefused() {
    given().header("Authorization", "Bearer nonsense").get("/echo").then().statusCode(401);
  }

  @Test
  void anOlderTokenOfTheFileIsTaken() {
    given()
        .header("Authorization", "Bearer another-token-of-before")
        .get("/echo?wait=PT1S")
        .then()
        .statusCode(200);
  }

  @Test
  void anUnknownKeyIsNamed() {
    signedIn()
        .body("{\"name\":\"x\",\"nmae\":1}")
        .post("/echo")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/nmae"))
        .body("errors[0].message", containsString("unknown key 'nmae'"));
  }

  @Test
  void aWrongFieldDeepInsideIsNamed() {
    signedIn()
        .body("{\"name\":\"\",\"parts\":[{\"size\":1},{\"size\":9}]}")
        .post("/echo")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors.pointer", hasItem("/name"))
        .body("errors.pointer", hasItem("/parts/1/size"));
  }

  @Test
  void aWrongTypeIsNamedWithoutInternals() {
    signedIn()
        .body("{\"name\":\"x\",\"pause\":\"30 seconds\"}")
        .post("/echo")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/pause"))
        .body("errors[0].message", containsString("ISO-8601"))
        .body("detail", not(containsString("java.")));
  }

  @Test
  void brokenJsonIsAnswered() {
    signedIn()
        .body("{\"name\":")
        .post("/echo")
        .then()
        .statusCode(400)
        .body("type", equalTo("https://floe.dev/problems/malformed-body"))
        .body("detail", startsWith("Not JSON"));
  }

  @Test
  void durationsAreReadFromQueries() {
    signedIn().get("/echo?wait=PT30S").then().statusCode(200).body(equalTo("PT30S"));
    signedIn()
        .get("/echo?wait=30")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("wait"));
  }

  @Test
  void aQueryParameterThatIsWrongIsNamed() {
    signedIn()
        .get("/echo?limit=9")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("limit"));
    signedIn()
        .get("/echo?limit=abc")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("limit"))
        .body("errors[0].message", containsString("whole number"));
  }

  @Test
  void anUnexpectedFailureTellsNothingOfItself() {
    signedIn()
        .get("/echo?limit=1")
        .then()
        .statusCode(500)
        .body("instance", startsWith("urn:uuid:"))
        .body(not(containsString("hunter2")));
  }

  @Test
  void absentRoutesAndMethodsAreProblemsToo() {
    signedIn().get("/nowhere").then().statusCode(404).contentType("application/problem+json");
    signedIn().delete("/echo").then().statusCode(405).contentType("application/problem+json");
  }

  @Test
  void aChunkedBodyIsTakenUpToTheLimit() throws Exception {
    for (var path : List.of("/echo", "/echo/later")) {
      // When
      var taken = chunked(path, "{\"name\":\"" + "x".repeat(1_000_000) + "\"}");
      var tooLong = chunked(path, "{\"name\":\"" + "x".repeat(1_100_000) + "\"}");
      // Then
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
      assertThat(taken.body()).contains("xxx");
      assertThat(tooLong.statusCode()).isEqualTo(413);
      assertThat(tooLong.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(tooLong.body()).contains("1048576");
    }
  }

  private static HttpResponse<String> chunked(String path, String body) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
              .version(HttpClient.Version.HTTP_1_1)
              .header("Authorization", "Bearer " + TOKEN)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void textThatCannotBeStoredIsRefusedWithItsPlace() {
    for (var text : List.of("\\u0000", "\\ud800", "\\udc00\\ud800", "\\ud800x")) {
      signedIn()
          .body("{\"name\":\"" + text + "\"}")
          .post("/echo")
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("/name"));
    }
    signedIn()
        .body("{\"na\\u0000me\":\"x\"}")
        .post("/echo")
        .then()
        .statusCode(400)
        .body("errors[0].message", startsWith("the key holds the character NUL"));
    signedIn()
        .body("{\"name\":\"\\ud83d\\ude00 \\u00fc\"}")
        .post("/echo")
        .then()
        .statusCode(200)
        .body("name", equalTo("\ud83d\ude00 \u00fc"));
    for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      signedIn()
          .body("{\"name\":\"\\u0000\"}".getBytes(charset))
          .post("/echo")
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("/name"));
    }
    signedIn().urlEncodingEnabled(false).get("/echo?wait=%00").then().statusCode(400);
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    signedIn()
        .body("{\"name\":\"" + "x".repeat(1_100_000) + "\"}")
        .post("/echo")
        .then()
        .statusCode(413)
        .contentType("application/problem+json")
        .body("detail", containsString("1048576"));
  }
}
