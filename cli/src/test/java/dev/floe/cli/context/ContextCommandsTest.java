package dev.floe.cli.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.cli.Call;
import dev.floe.cli.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextCommandsTest {
  @TempDir Path home;

  @Test
  void localIsAlwaysThere() {
    var call = Call.floe(home, "context", "list");
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("*").contains("local").contains("this machine");
  }

  @Test
  void aContextOfUrlsIsUsed() throws IOException {
    // Given
    try (var services = new Services()) {
      services.on("GET /api/v1/runs?limit=20", "{\"items\":[]}");
      var token = Files.writeString(home.resolve("my-token"), "the-token\n");
      var url = services.url();
      var set =
          Call.floe(
              home,
              "context",
              "set",
              "shared",
              "--platform-manager",
              url,
              "--job-launcher",
              url,
              "--telemetry-gateway",
              url,
              "--token-file",
              token.toString());
      assertThat(set.exitCode()).isZero();
      // When
      var before = Call.floe(home, "run", "list");
      var named = Call.floe(home, "run", "list", "--context", "shared");
      var fromEnvironment = Call.floe(home, "", Map.of("FLOE_CONTEXT", "shared"), "run", "list");
      Call.floe(home, "context", "use", "shared");
      var inUse = Call.floe(home, "run", "list");
      // Then
      assertThat(before.exitCode()).isEqualTo(3);
      assertThat(named.exitCode()).isZero();
      assertThat(fromEnvironment.exitCode()).isZero();
      assertThat(inUse.exitCode()).isZero();
    }
  }

  @Test
  void theTokenItselfIsNotKept() throws IOException {
    var token = Files.writeString(home.resolve("my-token"), "very-secret\n");
    Call.floe(
        home,
        "context",
        "set",
        "shared",
        "--platform-manager",
        "http://a",
        "--job-launcher",
        "http://b",
        "--telemetry-gateway",
        "http://c",
        "--token-file",
        token.toString());
    assertThat(Files.readString(home.resolve("contexts.yaml")))
        .contains("my-token")
        .doesNotContain("very-secret");
  }

  @Test
  void anUnknownContextIsNotFound() {
    assertThat(Call.floe(home, "context", "use", "nowhere").exitCode()).isEqualTo(4);
    assertThat(Call.floe(home, "run", "list", "--context", "nowhere").exitCode()).isEqualTo(4);
  }

  @Test
  void halfAContextIsUsage() {
    var call = Call.floe(home, "context", "set", "x", "--platform-manager", "http://a");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("all three services");
  }

  @Test
  void whatIsNoUrlIsUsage() {
    var call =
        Call.floe(
            home,
            "context",
            "set",
            "x",
            "--platform-manager",
            "http://a",
            "--job-launcher",
            "nonsense",
            "--telemetry-gateway",
            "http://c",
            "--token-file",
            "token");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("'nonsense' is no URL of a service");
    assertThat(home.resolve("contexts.yaml")).doesNotExist();
  }

  @Test
  void aClusterWithoutKubeconfigIsUnreachable() {
    var set =
        Call.floe(
            home,
            "context",
            "set",
            "prod",
            "--kubeconfig",
            home.resolve("none").toString(),
            "--namespace",
            "floe");
    var call = Call.floe(home, "run", "list", "--context", "prod");
    assertThat(set.exitCode()).isZero();
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("kubeconfig").contains("can't be read");
  }

  @Test
  void aClusterThatIsGoneIsUnreachable() throws IOException {
    var kubeconfig =
        Files.writeString(
            home.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: gone
            contexts: [{name: gone, context: {cluster: gone, user: gone}}]
            clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: gone, user: {token: t}}]
            """);
    Call.floe(home, "context", "set", "gone", "--kubeconfig", kubeconfig.toString());
    var call = Call.floe(home, "run", "list", "--context", "gone");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("The cluster at http://127.0.0.1:1/ does not answer.");
  }

  @Test
  void aDamagedFileIsSaidSo() throws IOException {
    Files.writeString(home.resolve("contexts.yaml"), "current: [");
    var call = Call.floe(home, "context", "list");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("contexts.yaml can't be read");
  }

  @Test
  void contextsAreWrittenAsPlainYaml() throws IOException {
    // Given
    Call.floe(home, "context", "set", "on", "--namespace", "floe", "--kube-context", "0x1F");
    // When
    var listed = Call.floe(home, "context", "list", "-o", "yaml");
    var used = Call.floe(home, "context", "use", "on");
    // Then
    assertThat(used.exitCode()).isZero();
    assertThat(listed.out())
        .isEqualTo(
            """
            - kind: local
              name: local
            - kind: kubernetes
              name: 'on'
              kubeContext: '0x1F'
              namespace: floe
            """);
    assertThat(Files.readString(home.resolve("contexts.yaml")))
        .isEqualTo(
            """
            current: 'on'
            contexts:
            - kind: kubernetes
              name: 'on'
              kubeContext: '0x1F'
              namespace: floe
            """);
  }
}
