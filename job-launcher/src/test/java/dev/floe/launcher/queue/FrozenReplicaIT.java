package dev.floe.launcher.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.test.EmbeddedPostgresResource;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two packaged launchers over one database; one is stopped with SIGSTOP under load. */
@Tag("slow")
class FrozenReplicaIT {
  private static final Duration FROZEN = Duration.ofSeconds(12);
  private static final Duration LONGEST_GAP = Duration.ofSeconds(10);
  private static final int TIMES = 4;

  private final EmbeddedPostgresResource postgres = new EmbeddedPostgresResource();
  private final LauncherSurroundings surroundings = new LauncherSurroundings();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final List<Launcher> launchers = new ArrayList<>();

  private record Launcher(Process process, int port, Path log) {
    void signal(String name) throws IOException, InterruptedException {
      assertThat(
              new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                  .inheritIO()
                  .start()
                  .waitFor())
          .isZero();
    }
  }

  @BeforeEach
  void startLaunchers() throws IOException {
    var config = new HashMap<>(postgres.start());
    config.putAll(surroundings.start());
    config.put("quarkus.profile", "prod");
    launchers.add(start(config));
    await().atMost(120, SECONDS).until(() -> ready(launchers.getFirst())); // it makes the schema
    launchers.add(start(config));
    await().atMost(120, SECONDS).until(() -> ready(launchers.getLast()));
  }

  @AfterEach
  void stopLaunchers() throws Exception {
    for (var launcher : launchers) {
      launcher.process().destroyForcibly().waitFor();
      Files.deleteIfExists(launcher.log());
    }
    http.close();
    surroundings.stop();
    postgres.stop();
  }

  private static Launcher start(Map<String, String> config) throws IOException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var executable = System.getProperty("native.image.path");
    var command = new ArrayList<String>();
    command.add(
        executable == null
            ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
            : executable);
    config.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-Dquarkus.http.port=" + port);
    if (executable == null) {
      command.add("-XX:+UseSerialGC");
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-Xmx256m");
      command.add("-jar");
      command.add("target/quarkus-app/quarkus-run.jar");
    }
    var log = Files.createTempFile("launcher", ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Launcher(process, port, log);
  }

  private boolean ready(Launcher launcher) throws Exception {
    assertThat(launcher.process().isAlive()).as(Files.readString(launcher.log())).isTrue();
    try {
      return send(launcher, "/q/health/ready", null).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  private java.net.http.HttpResponse<String> send(
      Launcher launcher, String path, @Nullable String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + launcher.port() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN);
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .header("Idempotency-Key", UUID.randomUUID().toString())
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode run(String id) throws IOException, InterruptedException {
    return json.readTree(send(launchers.getLast(), "/api/v1/runs/" + id, null).body());
  }

  @Test
  void theOtherReplicaGoesOnLaunching() throws Exception {
    // Given: three runs a second, submitted to whichever is awake
    var ids = new ConcurrentLinkedQueue<String>();
    var awake = new AtomicReference<>(launchers.getFirst());
    var body =
        """
        {"platform": "weather", "domain": "weather", "product": "daily", "kind": "custom",
         "image": "%s", "command": ["true"]}
        """
            .formatted(LauncherSurroundings.IMAGE);
    var load =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!Thread.interrupted()) {
                  var answer = send(awake.get(), "/api/v1/runs", body);
                  if (answer.statusCode() == 201) {
                    ids.add(json.readTree(answer.body()).get("id").asText());
                  }
                  Thread.sleep(330);
                }
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().atMost(60, SECONDS).until(() -> ids.size() > 5);
    // When: each of them stands still in turn
    record Window(Instant from, Instant until) {}
    var windows = new ArrayList<Window>();
    for (int i = 0; i < TIMES; i++) {
      var frozen = launchers.get(i % 2);
      awake.set(launchers.get((i + 1) % 2));
      Thread.sleep(1000 + 370L * i); // another moment of its work each time
      var from = Instant.now();
      frozen.signal("STOP");
      Thread.sleep(FROZEN);
      windows.add(new Window(from, Instant.now()));
      frozen.signal("CONT");
      Thread.sleep(2000);
    }
    load.interrupt();
    load.join();
    // Then: everything that was accepted ran, once
    var started = new ArrayList<Instant>();
    for (var id : ids) {
      var ended =
          await()
              .atMost(60, SECONDS)
              .until(() -> run(id), run -> !run.path("finishedAt").asText().isEmpty());
      assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("attempt").asInt()).as(ended.toString()).isEqualTo(1);
      var attempts =
          json.readTree(send(launchers.getLast(), "/api/v1/runs/" + id + "/attempts", null).body());
      started.add(Instant.parse(attempts.at("/items/0/createdAt").asText()));
    }
    // Then: and while one stood still the other began runs, without a pause that is too long
    started.sort(null);
    for (var window : windows) {
      var last = window.from();
      for (var start : started) {
        if (start.isAfter(window.from()) && start.isBefore(window.until())) {
          assertThat(Duration.between(last, start)).as("%s", window).isLessThan(LONGEST_GAP);
          last = start;
        }
      }
      assertThat(Duration.between(last, window.until())).as("%s", window).isLessThan(LONGEST_GAP);
    }
    for (var launcher : launchers) {
      assertThat(Files.readString(launcher.log())).doesNotContain("\tat dev.floe");
    }
  }
}
