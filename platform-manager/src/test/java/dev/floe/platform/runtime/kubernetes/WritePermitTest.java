package dev.floe.platform.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedSecret;
import dev.floe.platform.runtime.TestRuntimeConfig;
import dev.floe.platform.runtime.WritePermit;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order the runtime reads, asks for its permit, and writes; the API server is a fake. */
class WritePermitTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Requests and checks in their order. */
  private final List<String> order = new CopyOnWriteArrayList<>();

  private final List<JsonNode> deletions = new CopyOnWriteArrayList<>();
  private final List<JsonNode> patches = new CopyOnWriteArrayList<>();
  private final Plan plan = plan(configMap("a"), configMap("b"));
  private HttpServer server;
  private KubernetesClient client;
  private KubernetesPlatformRuntime runtime;

  @BeforeEach
  @SuppressWarnings("NullAway") // nothing here emits Events
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    runtime = new KubernetesPlatformRuntime(new TestRuntimeConfig(), () -> client, null);
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  @Test
  void removalStopsAtTheObjectWhoseDeletionIsNotPermitted() {
    // When
    assertThatThrownBy(() -> runtime.remove(plan(), applied(), true, once()))
        .isInstanceOf(TakenOver.class);
    // Then: what is deleted was read before the check
    assertThat(order).containsExactly("GET b", "check", "DELETE b", "GET a", "check");
    assertThat(deletions)
        .singleElement()
        .satisfies(options -> {
          assertThat(options.at("/preconditions/resourceVersion").asText()).isEqualTo("7");
          assertThat(options.path("propagationPolicy").asText()).isEqualTo("Foreground");
        });
  }

  @Test
  void applyStopsAtTheObjectThatIsNotPermitted() {
    // When
    assertThatThrownBy(() ->
            runtime.apply(
                plan, plan.components().getFirst(), once(), applied -> {}, progress -> {}))
        .isInstanceOf(TakenOver.class);
    // Then
    assertThat(order).containsExactly("GET a", "check", "PATCH a", "GET b", "check");
  }

  @Test
  void secretIsCompletedOnlyWithAPermit() {
    // Given: two Secrets that lack what is planned
    var secrets =
        Stream.of("s", "t")
            .map(name ->
                new PlannedSecret(name, Map.of("password", 12), Map.of("user", "u"), null, false))
            .toList();
    var component =
        new PlannedComponent("c", "c", "c", "1", List.of(), List.of(), secrets, List.of(), null);
    var plan = new Plan("p", "kubernetes", "floe-p", List.of(component), List.of(), List.of());
    // When
    assertThatThrownBy(() -> runtime.prepare(plan, permits(2))).isInstanceOf(TakenOver.class);
    // Then
    assertThat(order)
        .containsExactly(
            "GET floe-p", "check", "PATCH floe-p", "GET s", "check", "PATCH s", "GET t", "check");
    assertThat(patches)
        .last()
        .satisfies(patch -> {
          assertThat(patch.at("/data/password").asText()).isNotEmpty();
          assertThat(patch.at("/data/user").asText()).isEqualTo("dQ==");
        });
  }

  private List<AppliedObject> applied() {
    return plan.components().getFirst().objects().stream()
        .map(object -> new AppliedObject(object, "uid-of-" + object.at("/metadata/name").asText()))
        .toList();
  }

  private WritePermit once() {
    return permits(1);
  }

  private WritePermit permits(int writes) {
    return () -> {
      order.add("check");
      if (order.stream().filter("check"::equals).count() > writes) {
        throw new TakenOver();
      }
    };
  }

  private static final class TakenOver extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;
  }

  /** Every object is there, as floe applied it. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var name = path.substring(path.lastIndexOf('/') + 1);
      order.add(exchange.getRequestMethod() + " " + name);
      var body = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestMethod()) {
        case "DELETE" -> deletions.add(JSON.readTree(body));
        case "PATCH" -> patches.add(JSON.readTree(body));
        default -> {}
      }
      var live = configMap(name);
      if (path.contains("/secrets/")) {
        live.put("kind", "Secret");
      } else if (!path.contains("/configmaps/")) {
        live.put("kind", "Namespace");
      }
      live.withObject("/metadata").put("resourceVersion", "7").put("uid", "uid-of-" + name);
      live.withArray("/metadata/managedFields")
          .addObject()
          .put("manager", "floe-platform-manager")
          .put("operation", "Apply");
      var answer = live.toString().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static ObjectNode configMap(String name) {
    var object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", name).put("namespace", "floe-p");
    object
        .withObject("/metadata/labels")
        .put("app.kubernetes.io/managed-by", "floe-platform-manager")
        .put("floe.dev/platform", "p");
    return object;
  }

  private static Plan plan(ObjectNode... objects) {
    var component =
        new PlannedComponent(
            "system",
            "system",
            "system",
            "1",
            List.of(),
            List.of(objects),
            List.of(),
            List.of(),
            null);
    return new Plan("p", "kubernetes", "floe-p", List.of(component), List.of(), List.of());
  }
}
