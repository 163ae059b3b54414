package dev.floe.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.cli.Call;
import dev.floe.cli.Services;
import dev.floe.cli.Services.Answer;
import dev.floe.test.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformCommandsTest {
  private static final String MANIFEST =
      """
      apiVersion: floe.dev/v1
      kind: Manifest
      metadata: {name: weather}
      plugins:
        orchestrator:
          typ: dagster
      """;

  private final Services services = new Services();

  @TempDir Path home;

  @BeforeEach
  void connect() throws IOException {
    services.writeTo(home);
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void deployFollowsTheReleaseToItsEnd() throws IOException {
    services
        .on("PUT /api/v1/platforms/weather", Answer.of(202, release("PENDING", "")))
        .on(
            "GET /api/v1/platforms/weather/releases/3/events",
            sse(1, "ReleaseStarted", "APPLYING") + sse(2, "ReleaseDeployed", "DEPLOYED"))
        .on("GET /api/v1/platforms/weather/releases/3", release("DEPLOYED", ""));

    var call = Call.floe(home, "platform", "deploy", "-f", manifest());

    assertThat(call.exitCode()).isZero();
    assertThat(call.out().strip()).isEqualTo("weather release 3 DEPLOYED");
    var put = services.requests().getFirst();
    assertThat(put.body()).isEqualTo(MANIFEST);
    assertThat(put.headers().get("Content-type")).containsExactly("application/yaml");
  }

  @Test
  void aReleaseThatFailedIsExitCodeOne() throws IOException {
    services
        .on("PUT /api/v1/platforms/weather", Answer.of(202, release("PENDING", "")))
        .on("GET /api/v1/platforms/weather/releases/3/events", sse(1, "ReleaseFailed", "FAILED"))
        .on(
            "GET /api/v1/platforms/weather/releases/3",
            release("FAILED", ",\"message\":\"dagster did not become ready\""));

    var call = Call.floe(home, "platform", "deploy", "-f", manifest());

    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err())
        .contains("dagster did not become ready")
        .contains("→ floe platform status");
  }

  @Test
  void withoutWaitingTheReleaseIsAnsweredAtOnce() throws IOException {
    services.on("PUT /api/v1/platforms/weather", Answer.of(202, release("PENDING", "")));
    var call = Call.floe(home, "platform", "deploy", "-f", manifest(), "--no-wait", "-o", "name");
    assertThat(call.exitCode()).isZero();
    assertThat(call.out().strip()).isEqualTo("weather/3");
    assertThat(services.requests()).hasSize(1);
  }

  @Test
  void anUnknownKeyIsShownInItsLine() throws IOException {
    services.on(
        "PUT /api/v1/platforms/weather",
        Answer.of(
            400,
            """
            {"type":"https://floe.dev/problems/invalid-request","title":"The request is not valid",
             "status":400,"detail":"The manifest is not valid.",
             "errors":[{"pointer":"/plugins/orchestrator/typ","line":6,"column":5,
               "message":"unknown key; did you mean 'type'?"}]}
            """));

    var call = Call.floe(home, "platform", "deploy", "-f", manifest());

    assertThat(call.exitCode()).isEqualTo(2);
    Golden.assertMatches(
        call.err().replace(home.toString(), "HOME"), "golden/platform-deploy-problem.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{owner: me}", "{name: ''}", "{name: a/b}", "{name: ../runs}", "weather"})
  void aManifestWithoutNameIsRefusedWithAllItsFaults(String metadata) throws IOException {
    var problem =
        Answer.of(
            400,
            """
            {"type":"https://floe.dev/problems/invalid-request","title":"The request is not valid",
             "status":400,"detail":"2 fields are not valid.",
             "errors":[{"pointer":"/kind","line":1,"column":7,"message":"must be Manifest"},
               {"pointer":"/metadata","line":2,"column":11,"message":"the key 'name' is missing"}]}
            """);
    services.on("PUT /api/v1/platforms/_", problem).on("POST /api/v1/platforms/_/diff", problem);
    var file =
        Files.writeString(home.resolve("m.yaml"), "kind: Manifst\nmetadata: " + metadata + "\n");

    for (var verb : List.of("deploy", "diff")) {
      var call = Call.floe(home, "platform", verb, "-f", file.toString());

      assertThat(call.exitCode()).isEqualTo(2);
      assertThat(call.err())
          .contains("m.yaml:1:7: /kind: must be Manifest")
          .contains("m.yaml:2:11: /metadata: the key 'name' is missing");
    }
  }

  @Test
  void dryRunShowsWhatWouldChange() throws IOException {
    services.on(
        "POST /api/v1/platforms/weather/diff",
        """
        {"platform":"weather","changes":[
          {"action":"CREATE","object":"Process/dagster/webserver","component":"dagster","fields":[]},
          {"action":"UPDATE","object":"Process/postgresql/server","component":"postgresql","fields":[
            {"pointer":"/env/PORT","before":"1","after":"2"},{"pointer":"/env/NEW","after":"x"}]},
          {"action":"UPDATE","object":"ConfigMap/a/b","component":"dagster","fields":[
            {"pointer":"/data/x.yaml (line 3)","before":"old","after":"new\\nlines"}]},
          {"action":"DELETE","object":"Process/old/old","component":"old","fields":[]}],
         "warnings":["/governance: kept, but no part of what is deployed"]}
        """);
    var call = Call.floe(home, "platform", "deploy", "-f", manifest(), "--dry-run");
    assertThat(call.exitCode()).isZero();
    Golden.assertMatches(call.out(), "golden/platform-diff.table");
  }

  @Test
  void statusOfTheOnlyPlatformNeedsNoName() {
    services
        .on("GET /api/v1/platforms?limit=500", "{\"items\":[%s]}".formatted(status(false)))
        .on("GET /api/v1/platforms/weather/status", status(false));
    var call = Call.floe(home, "platform", "status");
    assertThat(call.exitCode()).isEqualTo(1);
    Golden.assertMatches(call.out(), "golden/platform-status.table");
  }

  @Test
  void aListOfPlatformsThatAreNotReadyIsNoFailure() {
    services.on("GET /api/v1/platforms?limit=500", "{\"items\":[%s]}".formatted(status(false)));
    var call = Call.floe(home, "platform", "list");
    assertThat(call.exitCode()).isZero();
    assertThat(call.out().lines().toList().get(1)).startsWith("weather").contains(" no ");
  }

  @Test
  void descriptionShowsWhatWasAppliedAndWhatJobsInherit() {
    services
        .on("GET /api/v1/platforms?limit=500", "{\"items\":[%s]}".formatted(status(false)))
        .on(
            "GET /api/v1/platforms/weather/details",
            """
            {"status":%s,"currentRelease":3,"boundRelease":2,
             "domains":[{"name":"forecast","namespace":"floe-forecast"}],
             "variables":["FLOE_WAREHOUSE_HOST","FLOE_WAREHOUSE_PASSWORD"],
             "objects":[{"object":"StatefulSet.apps/floe-weather/postgresql","component":"postgresql",
                         "uid":"0a1b","release":2,"appliedAt":"2026-11-26T10:00:00Z"}],
             "warnings":["/plugins/compute/config/size: is not used"]}
            """
                .formatted(status(false)));
    var call = Call.floe(home, "platform", "describe");
    assertThat(call.exitCode()).as(call.err()).isZero();
    Golden.assertMatches(call.out(), "golden/platform-details.table");
  }

  @Test
  void whatRunsAlreadyIsNotFollowed() throws IOException {
    services.on("PUT /api/v1/platforms/weather", release("DEPLOYED", ""));
    var call = Call.floe(home, "platform", "deploy", "-f", manifest());
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out().strip()).isEqualTo("weather release 3 DEPLOYED");
    assertThat(call.err()).contains("Nothing would change");
    assertThat(services.requests()).hasSize(1);
  }

  @Test
  void blueprintsAreListedAndShown() {
    var summary =
        """
        {"system":"jaeger","version":"2.11","kinds":["telemetry_backend"],"provides":[],
         "requires":["postgresql","telemetry?"],"runtimes":["kubernetes"],"own":true}
        """;
    services
        .on("GET /api/v1/blueprints?limit=500", "{\"items\":[%s]}".formatted(summary))
        .on(
            "GET /api/v1/blueprints/jaeger",
            """
            {"summary":%s,"images":{"main":"jaegertracing/jaeger:2.11.0"},
             "settings":[{"name":"traces","type":"integer","required":false,"fallback":"50000",
                          "description":"how many traces are kept"}]}
            """
                .formatted(summary));
    assertThat(Call.floe(home, "platform", "blueprint", "list", "-o", "name").out())
        .isEqualTo("jaeger\n");
    var call = Call.floe(home, "platform", "blueprint", "show", "jaeger");
    assertThat(call.exitCode()).as(call.err()).isZero();
    Golden.assertMatches(call.out(), "golden/platform-blueprint.table");
  }

  @Test
  void blueprintsOfYourOwnAreCheckedFileByFile() throws IOException {
    services.on(
        "POST /api/v1/blueprints/validate",
        """
        {"problems":[{"file":"cache/blueprint.yaml","line":2,"column":1,"message":"unknown key 'systm'"}]}
        """);
    var folder = Files.createDirectories(home.resolve("blueprints/cache"));
    Files.writeString(folder.resolve("blueprint.yaml"), "systm: cache\n");
    var call =
        Call.floe(home, "platform", "blueprint", "validate", home.resolve("blueprints").toString());
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out()).isEqualTo("cache/blueprint.yaml:2:1: unknown key 'systm'\n");
    assertThat(services.requests().getFirst().body()).contains("cache/blueprint.yaml");
    assertThat(
            Call.floe(home, "platform", "blueprint", "validate", home.resolve("no").toString())
                .exitCode())
        .isEqualTo(2);
  }

  @Test
  void aReleaseThatIsUnderWayIsWaitedForWhereThatIsAskedFor() throws IOException {
    services.on("PUT /api/v1/platforms/weather?ifBusy=wait", release("PENDING", ""));
    var deploy = new String[] {"platform", "deploy", "-f", manifest(), "--no-wait", "--if-busy"};
    var call =
        Call.floe(home, Stream.concat(Stream.of(deploy), Stream.of("wait")).toArray(String[]::new));
    assertThat(call.exitCode()).as(call.err()).isZero();
    var wrong =
        Call.floe(
            home, Stream.concat(Stream.of(deploy), Stream.of("later")).toArray(String[]::new));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).containsIgnoringCase("wait, refuse");
  }

  @Test
  void anAbortedReleaseIsFollowedToItsEnd() {
    services
        .on("GET /api/v1/platforms/weather/status", status(false))
        .on(
            "POST /api/v1/platforms/weather/releases/3/abort",
            Answer.of(202, release("APPLYING", "")))
        .on("GET /api/v1/platforms/weather/releases/3/events", sse(1, "ReleaseAborted", "ABORTED"))
        .on("GET /api/v1/platforms/weather/releases/3", release("ABORTED", ""));
    var call = Call.floe(home, "platform", "abort", "weather");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out().strip()).isEqualTo("weather release 3 ABORTED");
  }

  @Test
  void renderingPrintsTheObjects() throws IOException {
    services.on("POST /api/v1/platforms/weather/render", "kind: Service\n---\nkind: Deployment\n");
    var call = Call.floe(home, "platform", "render", "-f", manifest());
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).isEqualTo("kind: Service\n---\nkind: Deployment\n");
  }

  @Test
  void previousLogsCannotBeFollowed() {
    var logs = new String[] {"platform", "logs", "db", "--platform", "p", "--previous"};
    services.on("GET /api/v1/platforms/p/components/db/logs?previous=true", "[db-0] first\n");
    assertThat(Call.floe(home, logs).out()).isEqualTo("[db-0] first\n");
    var followed = Call.floe(home, "platform", "logs", "db", "--platform", "p", "--previous", "-f");
    assertThat(followed.exitCode()).isEqualTo(2);
    assertThat(followed.err()).contains("leave out -f");
  }

  @Test
  void takingOverIsAskedForByName() throws IOException {
    services.on("PUT /api/v1/platforms/weather?takeOver=true", release("PENDING", ""));
    var call = Call.floe(home, "platform", "deploy", "-f", manifest(), "--take-over", "--no-wait");
    assertThat(call.exitCode()).as(call.err()).isZero();
  }

  @Test
  void statusIsGreenWhenAllIsReady() {
    services.on("GET /api/v1/platforms/weather/status", status(true));
    assertThat(Call.floe(home, "platform", "status", "weather").exitCode()).isZero();
  }

  @Test
  void anUnknownPlatformIsNotFound() {
    assertThat(Call.floe(home, "platform", "status", "nowhere").exitCode()).isEqualTo(4);
  }

  @Test
  void anErrorOfAParameterIsNotBlamedOnTheManifest() throws IOException {
    // Given
    services.on(
        "PUT /api/v1/platforms/weather?component=nothing",
        Answer.of(
            400,
            """
            {"type":"https://floe.dev/problems/invalid-request","title":"The request is not valid","status":400,
             "errors":[{"pointer":"component","message":"the manifest has no component 'nothing'"}]}
            """));
    // When
    var call = Call.floe(home, "platform", "deploy", "-f", manifest(), "--component", "nothing");
    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .contains("component: the manifest has no component 'nothing'")
        .doesNotContain("platform.yaml:");
  }

  @Test
  void oneComponentIsDeployedAlone() throws IOException {
    // Given
    services
        .on("PUT /api/v1/platforms/weather?component=dagster", release("DEPLOYED", ""))
        .on(
            "POST /api/v1/platforms/weather/diff?component=dagster",
            "{\"platform\":\"weather\",\"changes\":[],\"warnings\":[]}");
    // Then
    assertThat(
            Call.floe(home, "platform", "deploy", "-f", manifest(), "--component", "dagster")
                .exitCode())
        .isZero();
    assertThat(
            Call.floe(
                    home,
                    "platform",
                    "deploy",
                    "-f",
                    manifest(),
                    "--component",
                    "dagster",
                    "--dry-run")
                .exitCode())
        .isZero();
  }

  @Test
  void jobsOfTheNewestReleaseAreShownWithTheirLogs() {
    // Given
    services
        .on(
            "GET /api/v1/platforms/weather/releases?limit=1",
            "{\"items\":[%s]}".formatted(release("FAILED", "")))
        .on(
            "GET /api/v1/platforms/weather/releases/3/jobs?limit=500",
            """
            {"items":[{"component":"catalog","job":"catalog-schema-0a1b2c3d","succeeded":false,
              "startedAt":"2026-01-02T03:04:05Z","log":"begins\\nno such host"}]}
            """);
    // When
    var table = Call.floe(home, "platform", "jobs", "weather");
    var log = Call.floe(home, "platform", "jobs", "weather", "--release", "3", "--log");
    // Then
    assertThat(table.exitCode()).isZero();
    assertThat(table.out())
        .contains("catalog-schema-0a1b2c3d", "failed", "2026-01-02 03:04:05", "no such host");
    assertThat(log.out()).isEqualTo("# catalog/catalog-schema-0a1b2c3d\nbegins\nno such host\n");
  }

  @Test
  void destroyAsksForAYes() {
    var call = Call.floe(home, "platform", "destroy", "weather");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("→ floe platform destroy weather --yes");
    assertThat(services.requests()).isEmpty();
  }

  private String manifest() throws IOException {
    return Files.writeString(home.resolve("platform.yaml"), MANIFEST).toString();
  }

  private static String release(String state, String rest) {
    return """
    {"platform":"weather","number":3,"state":"%s","componentsReady":0,"components":2,
     "createdAt":"2026-01-02T03:04:05Z"%s}
    """
        .formatted(state, rest);
  }

  private static String status(boolean ready) {
    return """
    {"platform":"weather","release":3,"state":"DEPLOYED","ready":%s,"components":[
     {"name":"postgresql","kind":"compute","type":"postgresql","version":"18.6","ready":true,"available":true,
      "reason":"Ready","workloads":[{"kind":"Process","name":"server","ready":1,"desired":1,"restarts":0}]},
     {"name":"dagster","kind":"orchestrator","type":"dagster","ready":%s,"available":true,"reason":"NotReady",
      "message":"the webserver does not answer","url":"http://127.0.0.1:3000","workloads":[]}]}
    """
        .formatted(ready, ready);
  }

  private static String sse(int sequence, String type, String state) {
    return """
    id: %d
    event: %s
    data: {"platform":"weather","release":3,"sequence":%d,"type":"%s","state":"%s",\
    "message":"%s","time":"2026-01-02T03:04:05Z"}

    """
        .formatted(sequence, type, sequence, type, state, type);
  }
}
