package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --timeout} ends a command on time against servers that accept and say nothing. */
class TimeoutCommandsTest {
  private static final String ID = "01jd9x7v3k8m2n4p6q8r0s2t4v";

  /** Far more than the command is given, far less than any limit of its own. */
  private static final Duration ENOUGH = Duration.ofSeconds(12);

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run list",
        "run get " + ID,
        "run wait " + ID,
        "run logs " + ID,
        "run logs -f --attempt 1 " + ID,
        "run events",
        "run events " + ID,
        "run submit --wait -f -",
        "platform deploy -f -",
        "platform logs -f dagster --platform p",
        "platform destroy p --yes",
        "telemetry status",
      })
  void aServiceThatNeverAnswers(String words) throws IOException {
    try (var server = new SilentServer("")) {
      server.writeTo(home);
      assertTimesOut(words);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run list", "run wait " + ID, "run explain " + ID, "platform status p"})
  void anAnswerThatNeverEnds(String words) throws IOException {
    try (var server = new SilentServer(answer("application/json", "Content-Length: 900", "{"))) {
      server.writeTo(home);
      assertTimesOut(words);
    }
  }

  @Test
  void aStreamOfEventsThatIsSilent() throws IOException {
    try (var server =
        new SilentServer(answer("text/event-stream", "Transfer-Encoding: chunked", ""))) {
      server.writeTo(home);
      assertTimesOut("run events");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run logs -f --attempt 1 " + ID, "platform logs -f dagster --platform p"})
  void aLogThatIsSilentAfterSomeWords(String words) throws IOException {
    try (var server =
        new SilentServer(
            answer("text/plain", "Transfer-Encoding: chunked", "8\r\nlines\n50\r\n"))) {
      server.writeTo(home);
      assertThat(assertTimesOut(words).out()).isEqualTo("lines\n50");
    }
  }

  @Test
  void aClusterThatNeverAnswers() throws IOException {
    try (var server = new SilentServer("")) {
      var kubeconfig =
          Files.writeString(
              home.resolve("kubeconfig"),
              """
              apiVersion: v1
              kind: Config
              current-context: c
              contexts: [{name: c, context: {cluster: c, user: c}}]
              clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
              users: [{name: c, user: {token: t}}]
              """
                  .formatted(server.port()));
      Call.floe(home, "context", "set", "c", "--kubeconfig", kubeconfig.toString());
      assertTimesOut("run list --context c");
    }
  }

  private static String answer(String mediaType, String framing, String body) {
    return String.join("\r\n", "HTTP/1.1 200 OK", "Content-Type: " + mediaType, framing, "", body);
  }

  private Call assertTimesOut(String words) {
    var began = System.nanoTime();
    var call =
        Call.floe(home, "metadata: {name: p}\n", Map.of(), (words + " --timeout 0.4s").split(" "));
    assertThat(call.exitCode()).as(call.err()).isEqualTo(124);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ENOUGH);
    assertThat(call.err()).contains("error: Timed out");
    return call;
  }
}
