package dev.floe.platform.status;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.LocalHome;
import dev.floe.platform.NothingScheduled;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.IfBusy;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseJournal;
import dev.floe.platform.release.ReleaseJournal.Draft;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a log over HTTP, with a platform whose one process is a log file. */
@QuarkusTest
@TestProfile(NothingScheduled.class)
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class ComponentLogsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Inject ReleaseJournal journal;
  @Inject ComponentLogs logs;
  @Inject LogsConfig config;
  @TempDir Path folder;

  private final String platform = "l-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<Follower> followers = new ArrayList<>();
  private Lease lease;

  @BeforeEach
  void platformWithALog() throws IOException {
    write("one\n");
    var process = JsonNodeFactory.instance.objectNode().put("kind", "Process");
    process.putObject("metadata").put("name", "web");
    process.putObject("spec").put("folder", folder.toString());
    var component =
        new PlannedComponent(
            "web", "web", "web", "1", List.of(), List.of(process), List.of(), List.of(), null);
    var plan = new Plan(platform, "local", platform, List.of(component), List.of(), List.of());
    done(() ->
        journal.accept(
            new Draft(platform, ReleaseAction.DEPLOY, "1", 1, "{}", PlanText.write(plan)),
            List.of(),
            IfBusy.REPLACE));
    lease = done(() -> journal.claim("test", LONG)).orElseThrow();
    assertThat(lease.platform()).isEqualTo(platform);
  }

  @AfterEach
  void everyReaderHasEnded() throws IOException {
    for (var follower : followers) {
      follower.close();
    }
    done(() ->
        journal
            .record(lease, new Step(1, ReleaseState.FAILED, 1, "Test", null, "said"))
            .replaceWith(true));
    done(() -> journal.giveBack(lease).replaceWith(true));
    await().atMost(LONG).until(() -> logs.readers() == 0);
  }

  @Test
  void followersLeaveRestAndLeasesAlone() throws IOException {
    // When
    for (int i = 0; i < 50; i++) {
      assertThat(follow().nextLine()).isEqualTo("[web] one");
    }
    // Then
    assertThat(logs.readers()).isEqualTo(50);
    for (int i = 0; i < 20; i++) {
      var started = System.nanoTime();
      given()
          .auth()
          .oauth2(EmbeddedPostgresResource.TOKEN)
          .get("/api/v1/platforms/" + platform)
          .then()
          .statusCode(200);
      assertThat(done(() -> journal.renew(lease, LONG))).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    }
    // When: the log grows
    write("two\n");
    // Then
    for (var follower : followers) {
      assertThat(follower.nextLine()).isEqualTo("[web] two");
    }
    // When: they leave while the log is quiet
    for (var follower : followers) {
      follower.close();
    }
    // Then
    await().atMost(LONG).until(() -> logs.readers() == 0);
  }

  @Test
  void oneReaderTooManyIsAskedToComeBack() throws IOException {
    // Given
    for (int i = 0; i < config.maxReaders(); i++) {
      assertThat(follow().nextLine()).isEqualTo("[web] one");
    }
    // When
    var answer =
        given()
            .auth()
            .oauth2(EmbeddedPostgresResource.TOKEN)
            .get("/api/v1/platforms/" + platform + "/components/web/logs?follow=true");
    // Then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    assertThat(answer.jsonPath().getString("detail")).contains("readers of logs");
    // When
    followers.getFirst().close();
    await().atMost(LONG).until(() -> logs.readers() < config.maxReaders());
    // Then
    assertThat(follow().nextLine()).isEqualTo("[web] one");
  }

  @Test
  void readerThatDoesNotReadHoldsNothingButItsPlace() throws IOException {
    // Given: far more than a connection buffers
    write("x".repeat(999).concat("\n").repeat(20_000));
    // When
    var slow = follow();
    assertThat(slow.nextLine()).startsWith("[web] x");
    // Then
    assertThat(logs.readers()).isEqualTo(1);
    // When
    slow.close();
    // Then
    await().atMost(LONG).until(() -> logs.readers() == 0);
  }

  @Test
  void logIsReadOnceToItsEnd() throws IOException {
    // Given
    write("two\nthree");
    // Then
    assertThat(
            given()
                .auth()
                .oauth2(EmbeddedPostgresResource.TOKEN)
                .get("/api/v1/platforms/" + platform + "/components/web/logs")
                .then()
                .statusCode(200)
                .extract()
                .asString())
        .isEqualTo("[web] one\n[web] two\n[web] three\n");
  }

  private void write(String text) throws IOException {
    Files.writeString(
        folder.resolve("log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Follower follow() throws IOException {
    var follower = new Follower(platform);
    followers.add(follower);
    return follower;
  }

  /** A connection of its own that follows the log. */
  private static final class Follower implements Closeable {
    private final Socket socket;
    private final BufferedReader reader;

    private Follower(String platform) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
      socket.setSoTimeout((int) LONG.toMillis());
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/platforms/%s/components/web/logs?follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(platform, EmbeddedPostgresResource.TOKEN)
                  .getBytes(StandardCharsets.UTF_8));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(reader.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }

    /** The next line of the log; headers and sizes of chunks are passed over. */
    private String nextLine() throws IOException {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("[web]")) {
          return line;
        }
      }
      return "";
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static <T> T done(Supplier<Uni<T>> call) {
    try {
      return VertxContextSupport.subscribeAndAwait(call);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
