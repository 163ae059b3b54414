package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.floe.cli.Services.Answer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows: pipes, full disks, signals. */
class ProcessCommandsTest {
  private static final String ID = "01jd9x7v3k8m2n4p6q8r0s2t4v";
  private static final long LIMIT_SECONDS = 60;

  /** A folder with an umlaut, written so that it does not matter which locale this test has. */
  private static final String IN_UMLAUT = "export FLOE_HOME=\"$H/t$(printf '\\303\\274')\"; ";

  private final Services services = new Services();

  @TempDir Path home;

  @BeforeEach
  void connect() throws IOException {
    services.writeTo(home);
    services.on("GET /api/v1/runs/" + ID, run());
  }

  @AfterEach
  void close() {
    services.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run list", "--help"})
  void aWriteErrorIsAnError(String words) throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    services.on("GET /api/v1/runs?limit=20", "{\"items\":[%s]}".formatted(run()));

    var process =
        Call.process(environment(), words.split(" ")).redirectOutput(new File("/dev/full")).start();

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lines(process.errorReader()))
        .containsExactly("error: Standard output can't be written: No space left on device.");
  }

  @ParameterizedTest
  @CsvSource({
    "run logs -f --attempt 1, GET /api/v1/runs/%s/attempts/1/logs?follow=true",
    "run events, GET /api/v1/runs/%s/events",
  })
  void aCommandThatFollowsEndsWithItsReader(String words, String request) throws Exception {
    // Given
    assumeTrue(Files.exists(Path.of("/proc/self/fd")));
    services.on(request.formatted(ID), Answer.of(200, firstEvent()).thenSilent());
    var process = Call.process(environment(), (words + " " + ID).split(" ")).start();
    // When
    try (var reader = process.inputReader()) {
      assertThat(reader.readLine()).isNotEmpty();
    }
    // Then
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(141);
    assertThat(lines(process.errorReader())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "run logs --attempt 1, GET /api/v1/runs/%s/attempts/1/logs",
    "run logs -f --attempt 1, GET /api/v1/runs/%s/attempts/1/logs?follow=true",
  })
  void aLogIsPrintedByteForByte(String words, String request) throws Exception {
    // Given
    var log =
        "a\r\nb\rc\0\u00ff\u00fe\u00c3(\u00e2\u0082\n\n\u00c3\u00a4\u001b[1m\t\u0080\u00f0\u009f";
    services
        .on(request.formatted(ID), Answer.of(200, log).inBytes().header("Floe-Log-Offset", "0"))
        .on(
            "GET /api/v1/runs/" + ID + "/attempts?limit=500",
            """
            {"items":[{"runId":"%s","number":1,"state":"FAILED","name":"n","namespace":"weather",
             "createdAt":"2026-01-02T03:04:06Z"}]}
            """
                .formatted(ID));
    // When
    var process = Call.process(environment(), (words + " " + ID).split(" ")).start();
    // Then
    try (var out = process.getInputStream()) {
      assertThat(out.readAllBytes()).isEqualTo(log.getBytes(StandardCharsets.ISO_8859_1));
    }
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aResultWithoutAReaderEndsQuietly() throws Exception {
    services.on("GET /api/v1/runs?limit=20", Answer.of(200, "{\"items\":[]}").afterRelease());
    var process = Call.process(environment(), "run", "list").start();
    process.getInputStream().close();
    services.release();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(lines(process.errorReader())).doesNotContain("error");
    assertThat(process.exitValue()).isEqualTo(141);
  }

  @ParameterizedTest
  @CsvSource({
    "run wait, GET /api/v1/runs/%s?wait=PT30S, floe run wait %s",
    "run logs -f --attempt 1, GET /api/v1/runs/%s/attempts/1/logs?follow=true, floe run logs -f %s",
  })
  void whoIsInterruptedSaysWhatGoesOn(String words, String request, String next) throws Exception {
    // Given
    services.on(request.formatted(ID), Answer.of(200, firstEvent()).thenSilent());
    var process = interruptible((words + " " + ID).split(" "));
    services.await(request.formatted(ID));
    // When
    interrupt(process);
    // Then
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(lines(process.errorReader()))
        .contains("Interrupted. Run " + ID + " continues.", "→ " + next.formatted(ID));
  }

  /** Java on an ASCII locale can't name it and says so; {@code ./floe} sees to a better locale. */
  @Test
  void aFolderThatTheLocaleCantExpressIsUsedOrNamed() throws Exception {
    var words = Call.process(Map.of(), "context", "list").command();
    var shell = new ArrayList<>(List.of("sh", "-c", IN_UMLAUT + "exec \"$@\"", "sh"));
    shell.addAll(words);
    var process = inTheCLocale(shell).start();
    var error = lines(process.errorReader());
    if (process.waitFor() == 0) {
      var test = inTheCLocale(List.of("sh", "-c", IN_UMLAUT + "test -d \"$FLOE_HOME\"")).start();
      assertThat(test.waitFor()).isZero();
      return;
    }
    assertThat(error).hasSize(2);
    assertThat(error.getFirst()).startsWith("error: FLOE_HOME names ");
    assertThat(error.getLast()).startsWith("→ Set LC_ALL=C.UTF-8");
    try (var entries = Files.list(home)) {
      assertThat(entries.map(it -> String.valueOf(it.getFileName())))
          .noneMatch(it -> it.startsWith("t") && !it.startsWith("token"));
    }
  }

  private ProcessBuilder inTheCLocale(List<String> words) {
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder
        .environment()
        .putAll(Map.of("LC_ALL", "C", "PATH", "/usr/bin:/bin", "H", home.toString()));
    return builder;
  }

  @Test
  void theHomeOfTheEnvironmentIsUsed() {
    var call = Call.ofProcess(Map.of("HOME", home.toString()), "context", "list");
    assertThat(call.exitCode()).isZero();
    assertThat(home.resolve(".floe")).isDirectory();
  }

  @Test
  void aHomeThatCantBeUsedIsOneSentence() throws Exception {
    var file = Files.writeString(home.resolve("file"), "");
    var call = Call.ofProcess(Map.of("FLOE_HOME", file.toString()), "run", "list");
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err().lines())
        .containsExactly(
            "error: The folder %s can't be used: %s: is a file, not a folder."
                .formatted(file, file),
            "→ Set FLOE_HOME to a folder that you may write to.");
  }

  @Test
  void aDeployThatIsInterruptedSaysThatItGoesOn() throws Exception {
    // Given
    var events = "GET /api/v1/platforms/p/releases/3/events";
    services
        .on(
            "PUT /api/v1/platforms/p",
            """
            {"platform":"p","number":3,"state":"PENDING","createdAt":"2026-01-02T03:04:05Z"}
            """)
        .on(events, Answer.of(200, ": here\n\n").thenSilent());
    var manifest = Files.writeString(home.resolve("p.yaml"), "metadata: {name: p}\n");
    var process = interruptible("platform", "deploy", "-f", manifest.toString());
    services.await(events);
    // When
    interrupt(process);
    // Then
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(lines(process.errorReader()))
        .contains("Interrupted. Release 3 of p continues.", "→ floe platform status p");
  }

  private Map<String, String> environment() {
    return Map.of("FLOE_HOME", home.toString(), "PATH", String.valueOf(System.getenv("PATH")));
  }

  /**
   * What a shell runs in the background ignores interrupts, and all that it starts inherits that.
   */
  private Process interruptible(String... args) throws IOException {
    var builder = Call.process(environment(), args);
    builder.command().addAll(0, List.of("env", "--default-signal=INT"));
    return builder.start();
  }

  private static void interrupt(Process process) throws Exception {
    var kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static List<String> lines(BufferedReader reader) throws IOException {
    try (reader) {
      return reader.lines().toList();
    }
  }

  private static String run() {
    return """
    {"id":"%s","state":"RUNNING","request":{"platform":"p","domain":"d","product":"x",
     "kind":"custom","image":"i","command":["c"]},"attempt":1,"traceId":"t","version":1,
     "createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z"}
    """
        .formatted(ID);
  }

  /** An event as the stream has it; for a log just some lines. */
  private static String firstEvent() {
    return """
    id: 1
    data: {"runId":"%s","sequence":1,"type":"RunQueued","state":"QUEUED","attempt":0,\
    "message":"queued","time":"2026-01-02T03:04:05Z"}

    """
        .formatted(ID);
  }
}
