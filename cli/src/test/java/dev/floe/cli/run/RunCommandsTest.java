package dev.floe.cli.run;

import static dev.floe.cli.run.RunFixtures.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.floe.cli.Call;
import dev.floe.cli.Services;
import dev.floe.cli.Services.Answer;
import dev.floe.test.Golden;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandsTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"table", "json", "yaml", "name"})
  void listPrintsEveryFormat(String format) {
    // Given
    services.on(
        "GET /api/v1/runs?limit=20", RunFixtures.page(RunFixtures.failed(), RunFixtures.queued()));
    // When
    var call = Call.floe(home, "run", "list", "-o", format);
    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.err()).isEmpty();
    Golden.assertMatches(call.out(), "golden/run-list." + format);
  }

  @Test
  void listFollowsTheCursorUpToItsLimit() {
    services
        .on(
            "GET /api/v1/runs?platform=weather&state=FAILED&limit=3",
            "{\"items\":[%s],\"nextCursor\":\"a/b\"}".formatted(RunFixtures.failed()))
        .on(
            "GET /api/v1/runs?platform=weather&state=FAILED&limit=2&cursor=a%2Fb",
            RunFixtures.page(RunFixtures.failed(), RunFixtures.failed()));

    var call =
        Call.floe(
            home,
            "run",
            "list",
            "--platform",
            "weather",
            "--state",
            "failed",
            "--limit",
            "3",
            "-o",
            "name");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out().lines()).containsExactly(ID, ID, ID);
  }

  @Test
  void getShowsTheRunWithItsAttempts() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            RunFixtures.page(RunFixtures.attempt()));

    var call = Call.floe(home, "run", "get", ID);

    assertThat(call.exitCode()).isZero();
    Golden.assertMatches(call.out(), "golden/run-get.table");
  }

  @Test
  void explainTellsCauseAndWhatToDo() {
    services.on("GET /api/v1/runs/" + ID + "/explain", RunFixtures.explanation());

    var call = Call.floe(home, "run", "explain", ID);

    assertThat(call.exitCode()).isZero();
    Golden.assertMatches(call.out(), "golden/run-explain.table");
  }

  @Test
  void waitTellsTheVerdictOfARunThatFailed() {
    services
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.queued())
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.failed());

    var call = Call.floe(home, "run", "wait", ID);

    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out()).isEqualTo(ID + "  FAILED\n");
    assertTellsTheVerdict(call);
  }

  @Test
  void submitWithWaitTellsTheVerdictOfARunThatFailed() {
    services
        .on("POST /api/v1/runs", Answer.of(201, RunFixtures.queued()))
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.failed());

    var call =
        Call.floe(home, "platform: weather\n", Map.of(), "run", "submit", "-f", "-", "--wait");

    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out()).isEqualTo(ID + "  FAILED\n");
    assertTellsTheVerdict(call);
  }

  @Test
  void submitWithWaitPrintsTheRunThatFailedForPrograms() {
    services
        .on("POST /api/v1/runs", Answer.of(201, RunFixtures.queued()))
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.failed());

    var call =
        Call.floe(
            home,
            "platform: weather\n",
            Map.of(),
            "run",
            "submit",
            "-f",
            "-",
            "--wait",
            "-q",
            "-o",
            "json");

    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out()).startsWith("{").contains("\"reason\" : \"QualityGateFailed\"");
    assertTellsTheVerdict(call);
  }

  @Test
  void submitWithWaitIsDoneWhenTheRunSucceeded() {
    services
        .on("POST /api/v1/runs", Answer.of(201, RunFixtures.queued()))
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.succeeded());

    var call =
        Call.floe(home, "platform: weather\n", Map.of(), "run", "submit", "-f", "-", "--wait");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).isEqualTo(ID + "  SUCCEEDED\n");
    assertThat(call.err()).doesNotContain("error").doesNotContain("explain");
  }

  @Test
  void retryWithWaitTellsTheVerdictOfARunThatFailedAgain() {
    services
        .on("POST /api/v1/runs/" + ID + "/retry", RunFixtures.queued())
        .on("GET /api/v1/runs/" + ID + "?wait=PT30S", RunFixtures.failed());

    var call = Call.floe(home, "run", "retry", ID, "--wait");

    assertThat(call.exitCode()).isEqualTo(1);
    assertTellsTheVerdict(call);
  }

  @Test
  void waitAnswers124WhenTheTimeIsOver() {
    services.on("GET /api/v1/runs/" + ID + "?*", RunFixtures.queued());

    var call = Call.floe(home, "run", "wait", ID, "--timeout", "0.05s");

    assertThat(call.exitCode()).isEqualTo(124);
    assertThat(call.err())
        .contains("platform-not-ready:compute")
        .contains("floe run explain " + ID);
  }

  @Test
  void submitSendsTheFileAsJsonWithAKey() throws IOException {
    services.on("POST /api/v1/runs", Answer.of(201, RunFixtures.queued()));
    var file = Files.writeString(home.resolve("run.yaml"), "platform: weather\nkind: custom\n");

    var call = Call.floe(home, "run", "submit", "-f", file.toString(), "-o", "name");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out().strip()).isEqualTo(ID);
    var request = services.requests().getFirst();
    assertThat(request.body()).isEqualTo("{\"platform\":\"weather\",\"kind\":\"custom\"}");
    assertThat(request.headers()).containsKey("Idempotency-key");
  }

  @Test
  void aProblemShowsTheLineOfEachWrongField() {
    services.on(
        "POST /api/v1/runs",
        Answer.of(
            400,
            """
            {"type":"https://floe.dev/problems/invalid-request","title":"The request is not valid",
             "status":400,"detail":"2 fields are not valid.",
             "errors":[{"pointer":"/resources/memory","message":"write a Kubernetes quantity"},
                       {"pointer":"/image","message":"must not be blank"}]}
            """));
    var text = "platform: weather\nresources:\n  cpu: 500m\n  memory: lots\n";

    var call = Call.floe(home, text, Map.of(), "run", "submit", "-f", "-");

    assertThat(call.exitCode()).isEqualTo(2);
    Golden.assertMatches(call.err(), "golden/run-submit-problem.txt");
  }

  @Test
  void anUnknownRunIsNotFound() {
    var call = Call.floe(home, "run", "get", "nosuchrun");
    assertThat(call.exitCode()).isEqualTo(4);
    assertThat(call.err()).startsWith("error: ");
  }

  @Test
  void aRunInTheWrongStateIsAConflict() {
    services.on(
        "POST /api/v1/runs/" + ID + "/retry",
        Answer.of(
            409,
            """
            {"type":"https://floe.dev/problems/conflict","title":"Conflicts","status":409,
             "detail":"The run is RUNNING; only an ended run is retried.","errors":[]}
            """));
    var call = Call.floe(home, "run", "retry", ID);
    assertThat(call.exitCode()).isEqualTo(5);
    assertThat(call.err()).contains("only an ended run");
  }

  @Test
  void aWrongTokenIsNotSignedIn() throws IOException {
    Files.writeString(home.resolve("token"), "another\n");
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("does not accept the token").contains("→ floe local up");
  }

  @Test
  void aTokenThatNoHeaderCarriesIsSaidSoAndNotShown() throws IOException {
    Files.writeString(home.resolve("token"), "geheim-ä\n");
    var call = Call.floe(home, "run", "list", "-v");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("can't carry").contains("→ ").doesNotContain("geheim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nächt", "日次", "a\tb", " a", ""})
  void anIdempotencyKeyThatNoHeaderCarriesIsUsage(String key) {
    var locale = Charset.forName(System.getProperty("sun.jnu.encoding"));
    assumeTrue(locale.newEncoder().canEncode(key) || System.getProperty("floe.executable") == null);
    var call =
        Call.floe(
            home,
            "platform: weather\n",
            Map.of(),
            "run",
            "submit",
            "-f",
            "-",
            "--idempotency-key",
            key);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("printable ASCII");
    assertThat(services.requests()).isEmpty();
  }

  @Test
  void aServiceThatIsGoneIsUnreachable() {
    services.close();
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("connection refused").contains("→ floe local up");
  }

  @Test
  void anotherProgramOnThePortIsSaidSo() {
    services.on("GET /api/v1/runs?limit=20", "<html>hello</html>");
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("is another program listening there?");
  }

  @Test
  void aRouteThatTheServiceLacksNamesWhereItWasAsked() {
    services.on(
        "GET /api/v1/runs?limit=20",
        Answer.of(
            404,
            """
            {"type":"https://floe.dev/problems/not-found","title":"Not found","status":404,
             "detail":"Not found"}
            """));
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(4);
    assertThat(call.err()).contains("job-launcher at " + services.url() + " answers: Not found.");
  }

  @Test
  void aBodyThatIsTooLargeSaysWhatToDo() {
    services.on(
        "POST /api/v1/runs",
        Answer.of(
            413,
            """
            {"type":"https://floe.dev/problems/body-too-large","title":"The body is too large",
             "status":413,"detail":"The body has 1500035 bytes; at most 1048576 are taken here"}
            """));
    var call = Call.floe(home, "platform: weather\n", Map.of(), "run", "submit", "-f", "-");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("at most 1048576 are taken here").contains("→ make it smaller");
  }

  @Test
  void aBusyServiceIsAskedAgain() {
    services
        .on("GET /api/v1/runs?limit=20", Answer.of(503, "{}").header("Retry-After", "0"))
        .on("GET /api/v1/runs?limit=20", RunFixtures.page(RunFixtures.succeeded()));
    var call = Call.floe(home, "run", "list", "-o", "name");
    assertThat(call.exitCode()).isZero();
    assertThat(services.requests()).hasSize(2);
  }

  @Test
  void eventsGoOnAfterABrokenConnection() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.succeeded())
        .on(
            "GET /api/v1/runs/" + ID + "/events",
            Answer.of(200, sse(1, "RunQueued", "QUEUED") + sse(2, "AttemptStarted", "RUNNING"))
                .brokenOff())
        .on(
            "GET /api/v1/runs/" + ID + "/events",
            Answer.of(200, ": ping\n\n" + sse(3, "RunSucceeded", "SUCCEEDED")));

    var call = Call.floe(home, "run", "events", ID, "-o", "name");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out().lines()).containsExactly(ID + "/1", ID + "/2", ID + "/3");
    var again =
        services.requests().stream().filter(it -> it.line().endsWith("/events")).toList().getLast();
    assertThat(again.headers().get("Last-event-id")).containsExactly("2");
  }

  @Test
  void eventsGoOnToTheLastOneOfAFailedRun() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on(
            "GET /api/v1/runs/" + ID + "/events",
            Answer.of(200, sse(1, "AttemptFailed", "FAILED") + sse(2, "RunFailed", "FAILED")));

    var call = Call.floe(home, "run", "events", ID);

    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("AttemptFailed").contains("RunFailed");
  }

  @Test
  void eventsGoOnAfterTheEndOfARunThatWasRetried() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on("GET /api/v1/runs/" + ID, RunFixtures.run("RUNNING", ""))
        .on("GET /api/v1/runs/" + ID, RunFixtures.succeeded())
        .on(
            "GET /api/v1/runs/" + ID + "/events",
            Answer.of(200, sse(1, "RunFailed", "FAILED") + sse(2, "AttemptStarted", "RUNNING")))
        .on(
            "GET /api/v1/runs/" + ID + "/events",
            Answer.of(200, sse(3, "RunSucceeded", "SUCCEEDED")));

    var call = Call.floe(home, "run", "events", ID, "-o", "name");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out().lines()).containsExactly(ID + "/1", ID + "/2", ID + "/3");
  }

  @Test
  void eventsEndWithAStreamThatHasNoneOfARunThatEnded() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on("GET /api/v1/runs/" + ID + "/events", Answer.of(200, ": over\n\n"));
    assertThat(Call.floe(home, "run", "events", ID).exitCode()).isZero();
  }

  @Test
  void anEventThatIsNoneIsAnError() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on("GET /api/v1/runs/" + ID + "/events", Answer.of(200, "id: 1\ndata: <html>\n\n"));
    var call = Call.floe(home, "run", "events", ID);
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("is another program listening there?");
  }

  @Test
  void aFollowedLogGoesOnOverAttempts() {
    // Given
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.run("RUNNING", ""))
        .on("GET /api/v1/runs/" + ID, RunFixtures.run("RETRYING", ""))
        .on(
            "GET /api/v1/runs/" + ID,
            RunFixtures.run("RUNNING", "").replace("\"attempt\":1", "\"attempt\":2"))
        .on(
            "GET /api/v1/runs/" + ID,
            RunFixtures.succeeded().replace("\"attempt\":1", "\"attempt\":2"))
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            RunFixtures.page(
                RunFixtures.attempt(),
                RunFixtures.attempt().replace("\"number\":1", "\"number\":2")))
        .on(
            logs(1) + "?follow=true&tail=5",
            Answer.of(200, "one\ntwo").header("Floe-Log-Offset", "0"))
        .on(logs(2) + "?follow=true", Answer.of(200, "three\n").header("Floe-Log-Offset", "0"));
    // When
    var call = Call.floe(home, "run", "logs", ID, "-f", "--tail", "5");
    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).isEqualTo("one\ntwo\nthree\n");
    assertThat(call.err()).contains("run " + ID + " is RETRYING").contains("attempt 2");
  }

  @Test
  void aFollowedAttemptIsTheOnlyOne() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.run("RETRYING", ""))
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            RunFixtures.page(RunFixtures.attempt()))
        .on(logs(1) + "?follow=true", Answer.of(200, "one\n").header("Floe-Log-Offset", "0"));

    var call = Call.floe(home, "run", "logs", ID, "-f", "--attempt", "1");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).isEqualTo("one\n");
  }

  @Test
  void aCharacterThatIsCutOffIsTakenUpWithItsNextByte() {
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            RunFixtures.page(RunFixtures.attempt()))
        .on(
            logs(1) + "?follow=true",
            Answer.of(200, "a\u00c3").inBytes().header("Floe-Log-Offset", "0").brokenOff())
        .on(
            logs(1) + "?follow=true&offset=2",
            Answer.of(200, "\u00a4\n").inBytes().header("Floe-Log-Offset", "2"));

    var call = Call.floe(home, "run", "logs", ID, "-f");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).isEqualTo("aä\n");
  }

  private static String logs(int attempt) {
    return "GET /api/v1/runs/%s/attempts/%d/logs".formatted(ID, attempt);
  }

  @Test
  void aFollowedLogGoesOnWhereTheConnectionBroke() {
    var log = "GET /api/v1/runs/" + ID + "/attempts/1/logs?follow=true";
    services
        .on("GET /api/v1/runs/" + ID, RunFixtures.failed())
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            RunFixtures.page(RunFixtures.attempt()))
        .on(log, Answer.of(200, "one\ntwo\nthr").header("Floe-Log-Offset", "0").brokenOff())
        .on(log + "&offset=11", Answer.of(200, "ee\nfour").header("Floe-Log-Offset", "11"));

    var call = Call.floe(home, "run", "logs", ID, "-f");

    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).isEqualTo("one\ntwo\nthree\nfour");
  }

  @Test
  void aRunWithoutAttemptHasNoLog() {
    services.on("GET /api/v1/runs/" + ID, RunFixtures.queued());
    var call = Call.floe(home, "run", "logs", ID);
    assertThat(call.exitCode()).isEqualTo(4);
    assertThat(call.err()).contains("→ floe run explain " + ID);
  }

  @Test
  void tokensAreNeverPrinted() {
    services.on("GET /api/v1/runs?limit=20", RunFixtures.page());
    var call = Call.floe(home, "run", "list", "-v");
    assertThat(call.err()).contains("GET http://127.0.0.1").doesNotContain("the-token");
  }

  private static void assertTellsTheVerdict(Call call) {
    assertThat(call.err())
        .contains(
            "error: Run "
                + ID
                + " is FAILED: APPLICATION/QualityGateFailed: the check found the data wanting")
        .contains("→ floe run explain " + ID);
  }

  private static String sse(int sequence, String type, String state) {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(sequence, type, RunFixtures.event(sequence, type, state));
  }
}
