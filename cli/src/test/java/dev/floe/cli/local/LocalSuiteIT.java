package dev.floe.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.floe.cli.Call;
import dev.floe.cli.output.Output;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services as they were packaged, brought up on this machine by the command line, in a home of
 * their own: each test is one more thing that a person would type.
 */
@TestMethodOrder(OrderAnnotation.class)
class LocalSuiteIT {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private static final OtlpBackend BACKEND = OtlpBackend.start();

  /** Whether the services are the executables of {@code native/build.sh}. */
  private static final boolean NATIVE = Boolean.getBoolean("floe.native");

  @TempDir static Path folder;
  private static Path home;

  @BeforeAll
  static void up() throws IOException {
    assumeTrue(
        NATIVE
            || Stream.of("platform-manager", "job-launcher", "telemetry-gateway")
                .map(name -> CHECKOUT.resolve(name).resolve("target/quarkus-app/quarkus-run.jar"))
                .allMatch(Files::exists),
        "the services are built in this reactor");
    home =
        Files.createDirectory(
            folder.resolve("home"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        Files.createDirectory(home.resolve("config")).resolve("application.properties"),
        """
        floe.telemetry.export.destinations.test.endpoint=%s
        floe.platform.blueprints=%s
        """
            .formatted(BACKEND.endpoint(), CHECKOUT.resolve("examples/blueprints")));
    var words = new ArrayList<String>();
    for (var port : Port.values()) {
      words.add("--" + port.value() + "-port");
      words.add(String.valueOf(Port.anyFree()));
    }
    var call = localUp(words.toArray(String[]::new));
    assertThat(call.exitCode()).as(call.err()).isZero();
  }

  @AfterAll
  static void down() {
    if (home != null) {
      assertThat(floe("local", "down").exitCode()).isZero();
    }
    BACKEND.close();
  }

  @Test
  @Order(1)
  void everythingIsReady() {
    var call = floe("local", "status", "-o", "json");
    assertThat(call.exitCode()).as(call.out()).isZero();
    assertThat(members(call)).allMatch(member -> member.path("ready").asBoolean()).hasSize(4);
  }

  @Test
  @Order(2)
  void secretsAreReadableByTheirOwnerOnly() throws IOException {
    for (var file : List.of("token", "telemetry-token", "endpoints.json", "suite.json")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  @Order(3)
  void aSecondUpLeavesEverythingAlone() {
    var before = pids();
    var call = localUp();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(pids()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void aPlatformIsDeployed() throws IOException {
    var manifest =
        Files.writeString(
            folder.resolve("platform.yaml"),
            """
            apiVersion: floe.dev/v1
            kind: Manifest
            metadata: {name: probe, version: 1.0.0, owner: me@example.com}
            plugins:
              compute: {type: postgresql}
              telemetry_backend: {type: telemetry}
            domains:
              probe: {namespace: probe}
            """);
    var call = floe("platform", "deploy", "-f", manifest.toString());
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(floe("platform", "status", "probe").exitCode()).isZero();
    assertThat(floe("platform", "releases").out()).contains("DEPLOYED");
    assertThat(floe("platform", "diff", "-f", manifest.toString()).out())
        .contains("Nothing would change.");
  }

  @Test
  @Order(5)
  void aRunSucceedsAndItsLogStays() throws IOException {
    var image = Files.createDirectories(folder.resolve("image"));
    Files.writeString(image.resolve("hello.py"), "print('hello from the run')\n");
    assertThat(
            floe("local", "image", "add", "floe.local/probe:1", "--source", image.toString())
                .exitCode())
        .isZero();
    var run = runFile("run.yaml", "floe.local/probe:1", "[python3, hello.py]");

    var call = floe("run", "submit", "-f", run, "--wait", "-o", "name", "--timeout", "2m");

    assertThat(call.exitCode()).as(call.err()).isZero();
    var id = call.out().strip();
    assertThat(floe("run", "logs", id).out()).contains("hello from the run");
    assertThat(floe("run", "logs", id, "-f").out()).contains("hello from the run");
    assertThat(floe("run", "events", id).out()).contains("RunSucceeded");
    assertThat(floe("run", "get", id).out()).contains("SUCCEEDED");
    assertThat(floe("run", "list", "-o", "name").out()).contains(id);
    assertThat(floe("run", "cancel", id).exitCode()).isIn(0, 5);
  }

  @Test
  @Order(6)
  void anImageThatDoesNotExistSaysHowToDefineIt() throws IOException {
    var run = runFile("unknown.yaml", "floe.local/nosuch:1", "[python3, hello.py]");
    var call = floe("run", "submit", "-f", run, "--wait", "-o", "name", "--timeout", "2m");
    assertThat(call.exitCode()).isEqualTo(1);
    var explained = floe("run", "explain", call.out().strip());
    assertThat(explained.out())
        .as(explained.err())
        .contains("floe.local/nosuch:1")
        .contains("floe local image add");
  }

  @Test
  @Order(7)
  void oneTraceHoldsARunAlsoWhenItsLauncherDies() throws Exception {
    // Given
    var job = new TracedJob(folder.resolve("traced"));
    assertThat(
            floe("local", "image", "add", TracedJob.IMAGE, "--source", job.source().toString())
                .exitCode())
        .isZero();
    var id = Output.JSON.readTree(job.submit(home)).path("id").asText();
    var sent = span(TracedJob.SPAN);
    var call = span("POST /api/v1/runs");
    // When
    ProcessHandle.of(Objects.requireNonNull(pids().get("job-launcher")))
        .ifPresent(ProcessHandle::destroyForcibly);
    assertThat(localUp().exitCode()).isZero();
    job.end();
    // Then
    assertThat(floe("run", "wait", id, "--timeout", "2m").exitCode()).isZero();
    var attempt = span("attempt traced");
    var run = span("run traced");
    assertThat(hex(call.getParentSpanId())).isEqualTo(TracedJob.CALLER);
    assertThat(run.getParentSpanId()).isEqualTo(call.getSpanId());
    assertThat(attempt.getParentSpanId()).isEqualTo(run.getSpanId());
    assertThat(sent.getParentSpanId()).isEqualTo(attempt.getSpanId());
    assertThat(BACKEND.spans())
        .filteredOn(span -> span.getParentSpanId().isEmpty())
        .allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
        .noneMatch(span -> span.getName().contains("/q/"));
  }

  /**
   * The only span of this name in the trace of the test, once it has come. OTLP delivers at least
   * once: the same span may come again after an answer that was late.
   */
  private static Span span(String name) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                BACKEND.spans().stream()
                    .filter(span -> hex(span.getTraceId()).equals(TracedJob.TRACE))
                    .filter(span -> span.getName().equals(name))
                    .distinct()
                    .toList(),
            found -> found.size() == 1)
        .getFirst();
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Test
  @Order(8)
  void whatWasKilledIsRepaired() {
    // Given
    var victims = pids();
    victims
        .values()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    // When
    var call = localUp();
    // Then
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(floe("local", "status").exitCode()).isZero();
    assertThat(floe("run", "list", "-o", "name").out()).isNotBlank();
  }

  @Test
  @Order(9)
  void aConfiguredPortThatIsTakenIsAnError() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(other.getLocalPort());
      var call = localUp("--otlp-http-port", port);
      assertThat(call.exitCode()).isEqualTo(5);
      assertThat(call.err()).contains("Port " + port).contains("otlp-http");
    }
    assertThat(floe("local", "status").exitCode()).isZero();
  }

  @Test
  @Order(10)
  void telemetryIsAccountedFor() {
    // The services send their spans a few seconds after they made them.
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          var call = floe("telemetry", "status");
          assertThat(call.exitCode()).as(call.err()).isZero();
          assertThat(call.out()).contains("traces");
        });
  }

  @Test
  @Order(11)
  void theDoctorFindsNothingMissing() {
    assertThat(floe("schema", "manifest").out()).contains("floe manifest");
    assertThat(floe("platform", "blueprint", "list").out()).contains("jaeger");
    assertThat(floe("platform", "blueprint", "show", "jaeger").out()).contains("traces");
    var examples = CHECKOUT.resolve("examples/blueprints").toString();
    var valid = floe("platform", "blueprint", "validate", examples);
    // one of them is there already: what is checked is added to what floe comes with
    assertThat(valid.exitCode()).as(valid.out()).isZero();
    var call = floe("doctor");
    assertThat(call.exitCode()).as(call.out()).isZero();
  }

  @Test
  @Order(12)
  void downLeavesNothingRunning() {
    var before = pids();
    assertThat(floe("platform", "destroy", "probe", "--yes").exitCode()).isZero();
    var call = floe("local", "down");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(before.values()).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(floe("local", "status").exitCode()).isEqualTo(3);
    assertThat(floe("run", "list").exitCode()).isEqualTo(3);
  }

  private static String runFile(String name, String image, String command) throws IOException {
    return Files.writeString(
            folder.resolve(name),
            """
            platform: probe
            domain: probe
            product: probe
            kind: custom
            image: %s
            command: %s
            """
                .formatted(image, command))
        .toString();
  }

  private static Map<String, Long> pids() {
    var pids = new java.util.TreeMap<String, Long>();
    members(floe("local", "status", "-o", "json"))
        .forEach(member -> pids.put(member.path("name").asText(), member.path("pid").asLong()));
    return pids;
  }

  private static List<JsonNode> members(Call call) {
    try {
      return StreamSupport.stream(Output.JSON.readTree(call.out()).spliterator(), false).toList();
    } catch (IOException e) {
      throw new AssertionError(call.out(), e);
    }
  }

  private static Call localUp(String... more) {
    var words = new ArrayList<>(List.of("local", "up"));
    if (NATIVE) {
      words.add("--native");
    }
    words.addAll(List.of(more));
    return floe(words.toArray(String[]::new));
  }

  private static Call floe(String... args) {
    return Call.floe(
        home, "", Map.of("FLOE_CHECKOUT", CHECKOUT.toString(), "FLOE_BUILD", "never"), args);
  }
}
