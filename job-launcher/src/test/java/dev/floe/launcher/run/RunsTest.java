package dev.floe.launcher.run;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.floe.launcher.LauncherSurroundings;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs over REST, on a real database, as real processes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
class RunsTest {
  private static final String RUNS = "/api/v1/runs";

  @Test
  void theSchemaOfRunFilesIsPublished() {
    signedIn()
        .get("/api/v1/schemas/run")
        .then()
        .statusCode(200)
        .contentType("application/schema+json")
        .body("title", equalTo("floe run"));
  }

  private static RequestSpecification signedIn() {
    return given()
        .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN)
        .contentType(ContentType.JSON);
  }

  private static Map<String, Object> shell(String script) {
    var run = new TreeMap<String, Object>();
    run.put("platform", "weather");
    run.put("domain", "weather");
    run.put("product", "daily");
    run.put("kind", "custom");
    run.put("image", LauncherSurroundings.IMAGE);
    run.put("command", List.of("sh", "-c", script));
    return run;
  }

  private static Response submit(Map<String, Object> run, String key) {
    return signedIn().header("Idempotency-Key", key).body(run).post(RUNS);
  }

  private static String accepted(Map<String, Object> run) {
    return submit(run, UUID.randomUUID().toString()).then().statusCode(201).extract().path("id");
  }

  private static JsonPath ended(String id) {
    return await()
        .atMost(120, SECONDS)
        .until(
            () -> signedIn().get(RUNS + "/" + id + "?wait=PT20S").jsonPath(),
            run -> List.of("SUCCEEDED", "FAILED", "CANCELLED").contains(run.getString("state")));
  }

  private static void awaitState(String id, String state) {
    await()
        .atMost(60, SECONDS)
        .until(() -> signedIn().get(RUNS + "/" + id).path("state").equals(state));
  }

  private static String log(String id, int attempt, String query) {
    return signedIn().get(RUNS + "/" + id + "/attempts/" + attempt + "/logs" + query).asString();
  }

  @Test
  void aRunSucceedsWithTheEnvironmentItInherits() {
    // Given
    var run =
        shell(
            "cat note.txt; echo $FLOE_WAREHOUSE_TYPE $MINE $FLOE_ATTEMPT $FLOE_RUN_ID; echo $OTEL_RESOURCE_ATTRIBUTES");
    run.put("env", Map.of("MINE", "mine"));
    // When
    var id = accepted(run);
    var after = ended(id);
    // Then
    assertThat(after.getString("state")).isEqualTo("SUCCEEDED");
    assertThat(after.getString("verdict.reason")).isEqualTo("Completed");
    assertThat(log(id, 1, ""))
        .contains("of the image\n", "duckdb mine 1 " + id, "floe.run.id=" + id);
    signedIn()
        .get(RUNS + "/" + id + "/attempts")
        .then()
        .body("items", hasSize(1))
        .body("items[0].state", equalTo("SUCCEEDED"))
        .body("items[0].name", equalTo(id + "-1"));
  }

  @Test
  void theSameSubmissionFindsItsRunAgain() {
    // Given
    var key = UUID.randomUUID().toString();
    var id = submit(shell("true"), key).then().statusCode(201).extract().path("id");
    // When
    var again = submit(shell("true"), key);
    var other = submit(shell("false"), key);
    // Then
    again
        .then()
        .statusCode(200)
        .body("id", equalTo(id))
        .header("Location", containsString((String) id));
    other
        .then()
        .statusCode(422)
        .body("type", equalTo("https://floe.dev/problems/idempotency-key-reused"));
  }

  @Test
  void manyAtOnceUnderOneKeyAreOneRun() throws Exception {
    // Given
    var ids = new HashSet<String>();
    var key = UUID.randomUUID().toString();
    submit(shell("true"), UUID.randomUUID().toString()); // loads what all of them need
    var collisions = new ConcurrentLinkedQueue<String>();
    var listening = new DatabaseErrors(collisions);
    Logger.getLogger("").addHandler(listening);
    // When
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 12)
              .mapToObj(i -> threads.submit(() -> submit(shell("true"), key).<String>path("id")))
              .toList();
      for (var call : calls) {
        ids.add(call.get());
      }
    }
    // Then
    Logger.getLogger("").removeHandler(listening);
    assertThat(ids).hasSize(1);
    assertThat(collisions).isEmpty();
  }

  /** What the database under test says about keys that collide. */
  private static final class DatabaseErrors extends Handler {
    private final Collection<String> seen;

    private DatabaseErrors(Collection<String> seen) {
      this.seen = seen;
    }

    @Override
    public void publish(LogRecord entry) {
      if (String.valueOf(entry.getMessage()).contains("run_idempotency_key")) {
        seen.add(entry.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aFailureIsRetriedByPolicyAndExplained() {
    // Given
    var run = shell("echo nothing to read; exit 3");
    run.put(
        "retryPolicy",
        Map.of("maxAttempts", Map.of("APPLICATION", 2), "backoff", Map.of("initial", "PT0.1S")));
    // When
    var id = accepted(run);
    var after = ended(id);
    // Then
    assertThat(after.getString("state")).isEqualTo("FAILED");
    assertThat(after.getInt("attempt")).isEqualTo(2);
    assertThat(after.getInt("verdict.exitCode")).isEqualTo(3);
    signedIn()
        .get(RUNS + "/" + id + "/explain")
        .then()
        .statusCode(200)
        .body("state", equalTo("FAILED"))
        .body("nextActions", hasItem(containsString("floe run logs " + id)))
        .body("logTail", hasItem("nothing to read"));
  }

  @Test
  void eventsAreNumberedWithoutGapsAndResumed() {
    // Given
    var id = accepted(shell("true"));
    ended(id);
    // When
    var all = signedIn().get(RUNS + "/" + id + "/events").asString();
    var rest = signedIn().header("Last-Event-ID", "1").get(RUNS + "/" + id + "/events").asString();
    // Then
    assertThat(all.lines().filter(line -> line.startsWith("id:")))
        .containsExactly("id:1", "id:2", "id:3");
    assertThat(all.lines().filter(line -> line.startsWith("event:")))
        .containsExactly("event:RunQueued", "event:AttemptStarted", "event:RunSucceeded");
    assertThat(rest.lines().filter(line -> line.startsWith("id:"))).containsExactly("id:2", "id:3");
  }

  @Test
  void theEventsOfAllRunsAreFollowedAndResumed() throws Exception {
    // Given
    var lines = new LinkedBlockingQueue<String>();
    try (var http = HttpClient.newHttpClient()) {
      var call =
          HttpRequest.newBuilder(
                  URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/api/v1/events"))
              .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN);
      var stream = http.sendAsync(call.build(), BodyHandlers.fromLineSubscriber(new Lines(lines)));
      // When: runs until the stream, which begins at some moment, tells of one
      var seen = new ArrayList<String>();
      await()
          .atMost(60, SECONDS)
          .until(() -> {
            var id = accepted(shell("true"));
            ended(id);
            lines.drainTo(seen);
            return seen.stream().anyMatch(line -> line.startsWith("data:") && line.contains(id));
          });
      stream.cancel(true);
      // Then
      var first = seen.stream().filter(line -> line.startsWith("id:")).findFirst().orElseThrow();
      var rest = new LinkedBlockingQueue<String>();
      var resumed =
          http.sendAsync(
              call.header("Last-Event-ID", first.substring(3)).build(),
              BodyHandlers.fromLineSubscriber(new Lines(rest)));
      var second =
          seen.stream().filter(line -> line.startsWith("id:")).skip(1).findFirst().orElseThrow();
      await().atMost(60, SECONDS).until(() -> !rest.isEmpty());
      assertThat(rest.stream().filter(line -> line.startsWith("id:")).findFirst()).contains(second);
      resumed.cancel(true);
    }
  }

  private record Lines(LinkedBlockingQueue<String> queue) implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      queue.add(line);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void aFollowedLogEndsWithTheAttempt() {
    // Given
    var id = accepted(shell("for i in 1 2 3; do echo line $i; sleep 0.4; done"));
    // When
    var log = log(id, 1, "?follow=true");
    // Then
    assertThat(log).isEqualTo("line 1\nline 2\nline 3\n");
    assertThat(log(id, 1, "?offset=7")).isEqualTo("line 2\nline 3\n");
    assertThat(log(id, 1, "?tail=1")).isEqualTo("line 3\n");
    assertThat(log(id, 1, "?tail=100")).isEqualTo(log);
    signedIn()
        .get(RUNS + "/" + id + "/attempts/1/logs?tail=2")
        .then()
        .header("Floe-Log-Offset", equalTo("7"));
  }

  @Test
  void aLogIsServedByteForByte() {
    // Given
    var id = accepted(shell("printf 'a\\r\\nb\\000\\377\\r1 %%\\r2 %%'"));
    // When
    var followed = logBytes(id, "?follow=true");
    ended(id);
    // Then
    var written = "a\r\nb\0\u00ff\r1 %\r2 %".getBytes(ISO_8859_1);
    assertThat(followed).isEqualTo(written);
    assertThat(logBytes(id, "")).isEqualTo(written);
    assertThat(logBytes(id, "?tail=1")).isEqualTo(Arrays.copyOfRange(written, 3, written.length));
  }

  private static byte[] logBytes(String id, String query) {
    return signedIn().get(RUNS + "/" + id + "/attempts/1/logs" + query).asByteArray();
  }

  @Test
  void aLongLogIsKeptWhole() {
    // Given
    var id = accepted(shell("seq 1 200000"));
    // When
    ended(id);
    var log = log(id, 1, "?follow=true");
    // Then
    assertThat(log).startsWith("1\n2\n").endsWith("\n199999\n200000\n").hasSize(1_288_895);
    assertThat(log(id, 1, "?tail=2")).isEqualTo("199999\n200000\n");
  }

  @Test
  void aRunningRunIsCancelledAndCanBeRetried() {
    // Given
    var id = accepted(shell("test $FLOE_ATTEMPT -gt 1 || sleep 300"));
    awaitState(id, "RUNNING");
    // When
    signedIn().post(RUNS + "/" + id + "/cancel").then().statusCode(200);
    var cancelled = ended(id);
    // Then
    assertThat(cancelled.getString("state")).isEqualTo("CANCELLED");
    assertThat(cancelled.getString("verdict.reason")).isEqualTo("ByUser");
    signedIn().post(RUNS + "/" + id + "/cancel").then().body("state", equalTo("CANCELLED"));
    // When
    signedIn().post(RUNS + "/" + id + "/retry").then().statusCode(200);
    var retried = ended(id);
    // Then
    assertThat(retried.getString("state")).isEqualTo("SUCCEEDED");
    assertThat(retried.getInt("attempt")).isEqualTo(2);
    signedIn().post(RUNS + "/" + id + "/retry").then().statusCode(409);
  }

  @Test
  void anAttemptEndsAtItsTimeout() {
    // Given
    var run = shell("sleep 300");
    run.put("timeout", "PT1S");
    // When
    var after = ended(accepted(run));
    // Then
    assertThat(after.getString("verdict.reason")).isEqualTo("DeadlineExceeded");
  }

  @Test
  void aRunEndsAtItsOwnTimeoutWhateverItDoes() {
    // Given
    var run = shell("sleep 300");
    run.put("runTimeout", "PT3S");
    // When
    var after = ended(accepted(run));
    // Then
    assertThat(after.getString("state")).isEqualTo("FAILED");
    assertThat(after.getString("verdict.reason")).isEqualTo("RunTimeout");
  }

  @Test
  void aRunWaitsForItsPlatformWithANamedReason() {
    // Given
    var held = shell("true");
    held.put("platform", "never");
    var slow = shell("true");
    slow.put("platform", "slow-" + UUID.randomUUID());
    // When
    var heldId = accepted(held);
    var slowId = accepted(slow);
    // Then
    await()
        .atMost(60, SECONDS)
        .until(() ->
            "platform-not-ready:warehouse"
                .equals(signedIn().get(RUNS + "/" + heldId).path("waitingFor")));
    assertThat(ended(slowId).getString("state")).isEqualTo("SUCCEEDED");
    signedIn()
        .get(RUNS + "/" + heldId + "/explain")
        .then()
        .body("summary", containsString("component 'warehouse'"));
    signedIn().post(RUNS + "/" + heldId + "/cancel").then().body("state", equalTo("CANCELLED"));
  }

  @Test
  void anUnknownImageIsAConfigurationFaultAndSaysWhatToDo() {
    // Given
    var run = shell("true");
    run.put("image", "floe.local/nothing:1");
    // When
    var after = ended(accepted(run));
    // Then
    assertThat(after.getString("verdict.category")).isEqualTo("CONFIGURATION");
    assertThat(after.getString("verdict.reason")).isEqualTo("ImagePullFailed");
    assertThat(after.getString("verdict.message")).contains("floe local image add");
  }

  @Test
  void whatIsWrongIsNamed() {
    // Given
    var unknown = shell("true");
    unknown.put("platform", "nowhere");
    var wrong = shell("true");
    wrong.put("env", Map.of("FLOE_RUN_ID", "x"));
    wrong.put("timeout", "PT0S");
    wrong.put("image", "Not An Image");
    var misspelt = shell("true");
    misspelt.put("imgae", "x");
    var label = shell("true");
    label.put("product", "not a label");
    // Then
    submit(unknown, "a").then().statusCode(400).body("errors[0].pointer", equalTo("/platform"));
    submit(wrong, "b")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/env/FLOE_RUN_ID"))
        .body("errors.pointer", hasItem("/timeout"))
        .body("errors.pointer", hasItem("/image"));
    submit(misspelt, "c").then().statusCode(400).body("errors[0].pointer", equalTo("/imgae"));
    submit(label, "d").then().statusCode(400).body("errors[0].pointer", equalTo("/product"));
    signedIn().get(RUNS + "?limit=501").then().statusCode(400);
    signedIn().get(RUNS + "?cursor=x").then().statusCode(400);
    signedIn().get(RUNS + "?state=x").then().statusCode(400);
    signedIn().get(RUNS + "/" + RunId.at(0)).then().statusCode(404);
    signedIn().get(RUNS + "/x?wait=PT61S").then().statusCode(400);
    given().get(RUNS).then().statusCode(401);
  }

  @Test
  void keysThatAHeaderChangesAreRefusedByName() throws Exception {
    for (var key : List.of("n\u00e4cht", "n\u00fccht", "\u65e5\u6b21")) {
      assertThat(submittedWithKey(key))
          .startsWith("HTTP/1.1 400")
          .contains("\"pointer\":\"Idempotency-Key\"", "printable ASCII");
    }
    submit(shell("true"), "a key: with ~ signs " + UUID.randomUUID()).then().statusCode(201);
  }

  /** Written as UTF-8 by hand: HTTP clients replace what is not ASCII. */
  private static String submittedWithKey(String key) throws IOException {
    var body =
        "{\"platform\":\"weather\",\"domain\":\"weather\",\"product\":\"daily\",\"kind\":\"custom\",\"image\":\"w\"}";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              """
              POST /api/v1/runs HTTP/1.1\r
              Host: localhost\r
              Connection: close\r
              Authorization: Bearer %s\r
              Content-Type: application/json\r
              Content-Length: %d\r
              Idempotency-Key: %s\r
              \r
              %s\
              """
                  .formatted(EmbeddedPostgresResource.TOKEN, body.length(), key, body)
                  .getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void textThatCannotBeStoredIsRefusedWithItsField() {
    // Given
    var nul = shell("true");
    nul.put("args", List.of("a", "b\0c"));
    var half = shell("true");
    half.put("env", Map.of("A", "\ud800"));
    // Then
    submit(nul, "e")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/args/1"))
        .body("errors[0].message", containsString("NUL"));
    signedIn()
        .body("{\"env\": {\"A\": \"\\ud800\"}}")
        .post(RUNS)
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/env/A"))
        .body("errors[0].message", containsString("surrogate"));
    for (var query : List.of("product=a%00b", "product=%ED%A0%80")) {
      signedIn()
          .urlEncodingEnabled(false)
          .get(RUNS + "?" + query)
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("product"));
    }
    signedIn().urlEncodingEnabled(false).get(RUNS + "/%00").then().statusCode(400);
  }

  @Test
  void queriesThatCannotBeReadAreRefusedInWords() {
    signedIn()
        .urlEncodingEnabled(false)
        .get(RUNS + "?updatedSince=2026-01-31T02:30:00+02:00")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("updatedSince"))
        .body("errors[0].message", containsString("2026-01-31T02:30:00%2B02:00"));
    signedIn()
        .urlEncodingEnabled(false)
        .get(RUNS + "?updatedSince=2026-01-31T02:30:00%2B02:00")
        .then()
        .statusCode(200);
    for (var year : List.of("-999999999", "%2B10000", "-0001")) {
      signedIn()
          .urlEncodingEnabled(false)
          .get(RUNS + "?updatedSince=" + year + "-01-01T00:00:00Z")
          .then()
          .statusCode(400)
          .body("errors[0].message", containsString("between the years 1 and 9999"));
    }
    signedIn()
        .get(RUNS + "?limit=abc")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("limit"))
        .body("errors[0].message", containsString("whole number"));
  }

  @Test
  void streamsOfRunsThatAreNotThereAreNotFound() {
    for (var id : List.of("nope", RunId.at(0))) {
      for (var path : List.of("/events", "/attempts/1/logs", "/attempts/1/logs?follow=true")) {
        signedIn()
            .get(RUNS + "/" + id + path)
            .then()
            .statusCode(404)
            .contentType("application/problem+json");
      }
    }
  }

  @Test
  void aKindThatThePlatformDoesNotHaveIsAConfigurationFaultAtOnce() {
    // Given
    var run = shell("true");
    run.put("requires", List.of("compute", "catalog"));
    // When
    var id = accepted(run);
    var after = ended(id);
    // Then
    assertThat(after.getString("state")).isEqualTo("FAILED");
    assertThat(after.getString("verdict.category")).isEqualTo("CONFIGURATION");
    assertThat(after.getString("verdict.reason")).isEqualTo("RequirementMissing");
    assertThat(after.getString("verdict.message")).contains("'catalog'", "'weather'");
    assertThat(after.getInt("attempt")).isZero();
    signedIn()
        .get(RUNS + "/" + id + "/explain")
        .then()
        .statusCode(200)
        .body("nextActions", hasItem(containsString("manifest")));
  }

  /** Known when the run is submitted, unknown from then on. */
  @Test
  void aRunWhosePlatformWasDestroyedEndsAfterAWhile() {
    // Given
    var run = shell("true");
    run.put("platform", "destroyed-" + RunId.at(System.currentTimeMillis()));
    // When
    var id = accepted(run);
    await()
        .atMost(60, SECONDS)
        .until(() -> {
          var seen = signedIn().get(RUNS + "/" + id).jsonPath();
          return "platform-unknown".equals(seen.getString("waitingFor"));
        });
    var after = ended(id);
    // Then
    assertThat(after.getString("state")).isEqualTo("FAILED");
    assertThat(after.getString("verdict.category")).isEqualTo("CONFIGURATION");
    assertThat(after.getString("verdict.reason")).isEqualTo("PlatformUnknown");
    assertThat(after.getString("verdict.message")).contains("2s", "'destroyed-", "'weather'");
    assertThat(after.getInt("attempt")).isZero();
  }

  /** What platform-manager said last is enough where it answers 503. */
  @Test
  void anOutageOfPlatformManagerEndsNoRun() {
    // Given
    var run = shell("true");
    run.put("platform", "away-" + RunId.at(System.currentTimeMillis()));
    // When
    var after = ended(accepted(run));
    // Then
    assertThat(after.getString("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void listsArePagedAndFiltered() {
    // Given
    var product = "p" + UUID.randomUUID();
    var run = shell("true");
    run.put("product", product);
    var ids = List.of(accepted(run), accepted(run), accepted(run));
    // When
    var first = signedIn().get(RUNS + "?limit=2&product=" + product).jsonPath();
    var second =
        signedIn()
            .get(RUNS + "?limit=2&product=" + product + "&cursor=" + first.getString("nextCursor"))
            .jsonPath();
    // Then
    assertThat(first.getList("items.id")).hasSize(2);
    assertThat(second.getList("items.id")).hasSize(1);
    assertThat(second.getString("nextCursor")).isNull();
    assertThat(ids).containsAll(first.getList("items.id", String.class));
    signedIn()
        .get(RUNS + "?product=" + product + "&updatedSince=2999-01-01T00:00:00Z")
        .then()
        .body("items", hasSize(0));
  }

  @Test
  void theContractIsPublished() {
    signedIn()
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body(containsString("/api/v1/runs/{id}/attempts/{number}/logs"))
        .body(not(startsWith("{}")));
  }
}
