package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApiErrorsTest {
  static Stream<Arguments> answers() {
    var away = RuntimeUnavailableException.class;
    var refused = RolloutFailedException.class;
    return Stream.of(
        arguments(400, "a field is not known", refused),
        arguments(401, "Unauthorized", away),
        arguments(403, "User \"x\" cannot patch resource \"deployments\"", refused),
        arguments(403, "unable to create: namespace a is being terminated", away),
        arguments(404, "namespaces \"a\" not found", refused),
        arguments(405, "the server does not allow this method", refused),
        arguments(408, "Timeout", away),
        arguments(409, "the object has been modified", away),
        arguments(413, "the request is too large", refused),
        arguments(415, "unsupported media type", refused),
        arguments(422, "spec.replicas: Invalid value: -1", refused),
        arguments(429, "too many requests, please try again later", away),
        arguments(500, "failed calling webhook: connection refused", away),
        arguments(502, "Bad Gateway", away),
        arguments(503, "apiserver is shutting down", away),
        arguments(504, "the server was unable to return a response in the time allotted", away));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerOfTheServerIsClassifiedByItsCode(
      int code, String message, Class<? extends Exception> expected) {
    // Given
    var status = new StatusBuilder().withCode(code).withMessage(message).build();
    // When
    var thrown = ApiErrors.of("applying Deployment/a/b", new KubernetesClientException(status));
    // Then
    assertThat(thrown)
        .isInstanceOf(expected)
        .hasMessageContaining("applying Deployment/a/b")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized, ANSWER",
    "403, unable to create: namespace a is being terminated, OBJECT",
    "409, the object has been modified, OBJECT",
    "429, too many requests, ANSWER",
    "500, failed calling webhook, ANSWER",
    "503, apiserver is shutting down, ANSWER",
  })
  void answerAboutOneObjectIsNoOutageOfTheServer(int code, String message, Extent expected) {
    // Given
    var status = new StatusBuilder().withCode(code).withMessage(message).build();
    // When
    var thrown = ApiErrors.of("applying Deployment/a/b", new KubernetesClientException(status));
    // Then
    assertThat(thrown)
        .isInstanceOfSatisfying(
            RuntimeUnavailableException.class,
            unavailable -> assertThat(unavailable.extent()).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "'User \"x\" cannot patch resource \"deployments\"', true",
    "'admission webhook \"owners.example.org\" denied the request: no owner', false",
    "'services \"a\" is forbidden: exceeded quota: none', false",
  })
  void onlyMissingRightsAreSaidToBeSo(String message, boolean rights) {
    // Given
    var status = new StatusBuilder().withCode(403).withMessage(message).build();
    // When
    var thrown = ApiErrors.of("applying Service/a/b", new KubernetesClientException(status));
    // Then
    assertThat(thrown).isInstanceOf(RolloutFailedException.class).hasMessageContaining(message);
    assertThat(String.valueOf(thrown.getMessage()).contains("check the rights")).isEqualTo(rights);
  }

  @Test
  void errorOfTheClientItselfIsNoOutage() {
    var unknownKind = new KubernetesClientException("Could not find a registered handler for item");
    assertThat(ApiErrors.of("applying ServiceMonitor/a/b", unknownKind))
        .isInstanceOf(RolloutFailedException.class);
  }

  /** The client gives each of the next three the code -1. */
  @Test
  void refusedConnectionIsAnOutage() throws IOException {
    int port;
    try (var server = listen()) {
      port = server.getLocalPort();
    }
    assertOutage(port).hasMessageContaining("Connection refused");
  }

  @Test
  void resetConnectionIsAnOutage() throws IOException {
    try (var server = listen()) {
      resetEveryConnection(server);
      assertOutage(server.getLocalPort());
    }
  }

  @Test
  void silentServerIsAnOutage() throws IOException {
    try (var server = listen()) {
      assertOutage(server.getLocalPort());
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertOutage(int port) {
    try (var client = client(port)) {
      return assertThatThrownBy(() -> read(client))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              away -> assertThat(away.extent()).isEqualTo(Extent.CONNECTION))
          .hasMessageContaining("the API server cannot be reached (reading Namespace)");
    }
  }

  @Test
  void unknownHostIsAnOutage() {
    try (var client = client("https://no-such-host.invalid:6443")) {
      assertThatThrownBy(() -> read(client)).isInstanceOf(RuntimeUnavailableException.class);
    }
  }

  @Test
  void interruptedCallIsNoRefusal() throws IOException {
    try (var server = listen();
        var client = client(server.getLocalPort())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> read(client)).isInstanceOf(RuntimeUnavailableException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void read(KubernetesClient client) {
    ClusterObjects.call("reading Namespace", () -> client.namespaces().withName("a").get());
  }

  private static KubernetesClient client(int port) {
    return client("http://127.0.0.1:" + port);
  }

  private static KubernetesClient client(String url) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withRequestRetryBackoffLimit(1)
                .withRequestTimeout(300)
                .withConnectionTimeout(300)
                .build())
        .build();
  }

  private static void resetEveryConnection(ServerSocket server) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (var connection = server.accept()) {
              connection.setSoLinger(true, 0);
            } catch (IOException e) {
              return;
            }
          }
        });
  }
}
