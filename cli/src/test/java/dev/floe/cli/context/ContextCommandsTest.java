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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void onlyWhatIsGivenChanges() throws IOException {
    // Given
    Call.floe(home, "context", "set", "prod", "--namespace", "data", "--kube-context", "k");
    // When
    var token = Call.floe(home, "context", "set", "prod", "--token-file", "/t");
    var kubeconfig = Call.floe(home, "context", "set", "prod", "--kubeconfig", "/k");
    // Then
    assertThat(token.exitCode()).isZero();
    assertThat(kubeconfig.exitCode()).isZero();
    assertThat(kubeconfig.err()).contains("prod is changed: namespace data of k");
    assertThat(contexts())
        .contains("namespace: data", "kubeContext: k", "tokenFile: /t", "kubeconfig: /k");
  }

  @Test
  void aFieldCanBeUnset() throws IOException {
    Call.floe(home, "context", "set", "prod", "--kube-context", "k", "--token-file", "/t");
    var call =
        Call.floe(
            home, "context", "set", "prod", "--unset", "token-file", "--unset", "kube-context");
    assertThat(call.exitCode()).isZero();
    assertThat(contexts()).contains("namespace: floe").doesNotContain("tokenFile", "kubeContext");
  }

  @Test
  void whatCantBeUnsetIsUsage() {
    var call = Call.floe(home, "context", "set", "prod", "--unset", "name");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("'name' can't be unset").contains("token-file");
  }

  @Test
  void oneUrlOfThreeChanges() throws IOException {
    setUrls("shared");
    var call = Call.floe(home, "context", "set", "shared", "--job-launcher", "http://new");
    assertThat(call.exitCode()).isZero();
    assertThat(contexts())
        .contains("platformManager: http://a", "jobLauncher: http://new", "tokenFile: /t");
  }

  @Test
  void aContextOfUrlsDoesNotTurnIntoACluster() throws IOException {
    setUrls("shared");
    var call = Call.floe(home, "context", "set", "shared", "--namespace", "floe");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("floe context delete shared");
    assertThat(contexts()).contains("platformManager: http://a");
  }

  @Test
  void aContextIsDeletedAndLocalIsInUseAgain() throws IOException {
    Call.floe(home, "context", "set", "prod", "--namespace", "floe");
    Call.floe(home, "context", "use", "prod");
    var call = Call.floe(home, "context", "delete", "prod");
    assertThat(call.exitCode()).isZero();
    assertThat(contexts()).contains("current: local").doesNotContain("prod");
    assertThat(Call.floe(home, "context", "delete", "prod").exitCode()).isEqualTo(4);
    assertThat(Call.floe(home, "context", "delete", "local").exitCode()).isEqualTo(2);
  }

  @Test
  void theHintOfAMissingTokenCanBeTyped() throws IOException {
    // Given
    Call.floe(home, "context", "set", "prod", "--kubeconfig", "/k", "--token-file", "/missing");
    // When
    var call = Call.floe(home, "context", "set", "prod", "--token-file", "/t");
    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(contexts()).contains("kubeconfig: /k", "tokenFile: /t");
  }

  private String contexts() throws IOException {
    return Files.readString(home.resolve("contexts.yaml"));
  }

  private void setUrls(String name) {
    var call =
        Call.floe(
            home,
            "context",
            "set",
            name,
            "--platform-manager",
            "http://a",
            "--job-launcher",
            "http://b",
            "--telemetry-gateway",
            "http://c",
            "--token-file",
            "/t");
    assertThat(call.exitCode()).isZero();
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
    assertThat(call.err()).contains("Invalid URL 'nonsense' of a service");
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

  @ParameterizedTest
  @ValueSource(strings = {"garbage: [", "just text", ""})
  void whatIsNoKubeconfigIsNamed(String text) throws IOException {
    var file = Files.writeString(home.resolve("kubeconfig"), text);
    Call.floe(home, "context", "set", "prod", "--kubeconfig", file.toString());
    var call = Call.floe(home, "run", "list", "--context", "prod");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err())
        .contains("is not a kubeconfig", "→ floe context set prod --kubeconfig FILE")
        .doesNotContain("Internal error");
  }

  /** Never the cluster of another context instead. */
  @Test
  void aContextThatTheKubeconfigLacksIsNamed() throws IOException {
    var file =
        Files.writeString(
            home.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: other
            contexts: [{name: other, context: {cluster: other, user: other}}]
            clusters: [{name: other, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: other, user: {token: t}}]
            """);
    Call.floe(
        home, "context", "set", "prod", "--kubeconfig", file.toString(), "--kube-context", "mine");
    var call = Call.floe(home, "run", "list", "--context", "prod");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err())
        .contains("has no context 'mine'", "→ floe context set prod --kube-context CONTEXT");
  }

  @Test
  void aFolderInPlaceOfTheFileIsSaidSo() throws IOException {
    Files.createDirectory(home.resolve("contexts.yaml"));
    var call = Call.floe(home, "context", "list");
    assertThat(call.err()).contains("contexts.yaml can't be read").doesNotContain("Internal error");
    assertThat(call.exitCode()).isEqualTo(1);
  }

  @Test
  void damagedEndpointsAreAsIfThereWereNone() throws IOException {
    Files.writeString(
        home.resolve("endpoints.json"), "{\"platformManager\":{\"url\":\"http://a b\"}}");
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("→ floe local up");
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
