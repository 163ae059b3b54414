package dev.floe.launcher.feed;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.launcher.LauncherSurroundings;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever waits is answered, however much happens meanwhile. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@Tag("slow")
class ManyNoticesTest {
  private static final String RUNS = "/api/v1/runs/";
  private static final int NOTICES = 10_000;

  @Inject Wakes wakes;

  private static RequestSpecification signedIn() {
    return given()
        .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN)
        .contentType(ContentType.JSON);
  }

  private static String submitted(String script) {
    return signedIn()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            Map.of(
                "platform", "weather",
                "domain", "weather",
                "product", "daily",
                "kind", "custom",
                "image", LauncherSurroundings.IMAGE,
                "command", List.of("sh", "-c", script)))
        .post("/api/v1/runs")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static Future<String> call(java.util.concurrent.ExecutorService threads, String path) {
    return threads.submit(
        () -> signedIn().get(RUNS + path).then().statusCode(200).extract().asString());
  }

  @Test
  void allWhoWaitAreAnsweredAfterTenThousandNotices() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given: one who waits, one who follows the events, one who follows the log
      var id = submitted("exec sleep 300");
      var waiting = call(threads, id + "?wait=PT60S");
      var events = call(threads, id + "/events");
      var log = call(threads, id + "/attempts/1/logs?follow=true");
      await().atMost(60, SECONDS).until(() -> wakes.runs().contains(id));
      // When: each notice has been heard before the next
      for (int i = 0; i < NOTICES; i++) {
        wakes.wake(id);
        Thread.sleep(1);
      }
      // Then
      signedIn().post(RUNS + id + "/cancel").then().statusCode(200);
      assertThat(waiting.get(60, SECONDS)).contains("CANCELLED");
      assertThat(events.get(60, SECONDS)).contains("event:RunCancelled");
      assertThat(log.get(60, SECONDS)).isEmpty();
    }
  }
}
