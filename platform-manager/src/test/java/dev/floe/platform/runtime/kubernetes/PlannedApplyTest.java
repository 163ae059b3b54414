package dev.floe.platform.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.WritePermit;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is taken over and what is not; the API server is a fake that answers as a real one did. */
class PlannedApplyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<JsonNode> applied = new CopyOnWriteArrayList<>();

  /** Fields that others manage, for the next applies in turn. */
  private final Deque<List<String>> conflicts = new ArrayDeque<>();

  private String manager = "floe-platform-manager";
  private boolean there = true;
  private boolean scaled;
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
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
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  private PlannedApply apply(boolean takeOver) {
    var plan = new Plan("p", "kubernetes", "floe-p", List.of(), List.of(), List.of());
    return new PlannedApply(
        new ClusterObjects(() -> client, WritePermit.ALWAYS), takeOver ? plan.takingOver() : plan);
  }

  @Test
  void nothingIsForced() {
    // When
    apply(false).apply(deployment());
    // Then
    assertThat(calls).containsExactly("GET", "PATCH force=false");
  }

  @Test
  void anObjectOfOthersIsNotTaken() {
    // Given
    manager = "helm";
    // When
    assertThatThrownBy(() -> apply(false).apply(deployment()))
        // Then
        .isInstanceOf(RolloutFailedException.class)
        .hasMessageContainingAll(
            "Deployment/floe-p/web is there already", "was not applied by floe", "--take-over");
    assertThat(calls).containsExactly("GET");
  }

  @Test
  void anObjectThatIsNotThereIsMade() {
    // Given
    there = false;
    // When
    apply(false).apply(deployment());
    // Then
    assertThat(calls).containsExactly("GET", "PATCH force=false");
  }

  @Test
  void aFieldOfOthersIsNamedWithItsManager() {
    // Given
    conflicts.add(List.of(".spec.paused"));
    // When
    assertThatThrownBy(() -> apply(false).apply(deployment()))
        // Then
        .isInstanceOf(RolloutFailedException.class)
        .hasMessageContainingAll(
            "Deployment/floe-p/web", ".spec.paused", "conflict with \"kubectl\"", "--take-over");
  }

  @Test
  void replicasAreLeftToWhoeverScales() {
    // Given
    conflicts.add(List.of(".spec.replicas"));
    // When
    apply(false).apply(deployment());
    // Then
    assertThat(calls).containsExactly("GET", "PATCH force=false", "PATCH force=false");
    assertThat(applied.getFirst().at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(applied.getLast().at("/spec/replicas").isMissingNode()).isTrue();
    assertThat(applied.getLast().at("/spec/paused").asBoolean()).isTrue();
  }

  /** After {@code kubectl scale} the API server names no manager at all. */
  @Test
  void replicasThatFloeDoesNotManageAnyMoreAreNotSent() {
    // Given
    scaled = true;
    // When
    apply(false).apply(deployment());
    // Then
    assertThat(calls).containsExactly("GET", "PATCH force=false");
    assertThat(applied.getFirst().at("/spec/replicas").isMissingNode()).isTrue();
    // When: its number stands in the manifest
    var wanted = deployment();
    ((ObjectNode) wanted.at("/metadata/annotations")).remove("floe.dev/yields");
    apply(false).apply(wanted);
    // Then
    assertThat(applied.getLast().at("/spec/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsNotYieldedStaysAConflictBesideWhatIs() {
    // Given
    conflicts.add(List.of(".spec.replicas", ".spec.paused"));
    // When
    assertThatThrownBy(() -> apply(false).apply(deployment()))
        // Then
        .hasMessageContainingAll(".spec.replicas", ".spec.paused");
  }

  @Test
  void everythingIsTakenOverOnRequest() {
    // Given
    manager = "helm";
    // When
    apply(true).apply(deployment());
    // Then
    assertThat(calls).containsExactly("PATCH force=true");
  }

  @Test
  void aDryRunShowsWhatWouldBeTakenOver() {
    // Given
    conflicts.add(List.of(".spec.paused"));
    // When
    var live = client.getKubernetesSerialization().unmarshal(live().toString(), Deployment.class);
    var would = apply(false).dryRun(deployment(), live);
    // Then
    assertThat(would.getMetadata().getName()).isEqualTo("web");
    assertThat(calls).containsExactly("PATCH force=false", "PATCH force=true");
  }

  private static ObjectNode deployment() {
    var object = JSON.createObjectNode().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object.putObject("metadata").put("name", "web").put("namespace", "floe-p");
    object
        .withObject("/metadata/labels")
        .put("app.kubernetes.io/managed-by", "floe-platform-manager")
        .put("floe.dev/platform", "p");
    object.withObject("/metadata/annotations").put("floe.dev/yields", "/spec/replicas");
    object.putObject("spec").put("replicas", 1).put("paused", true);
    return object;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var query = String.valueOf(exchange.getRequestURI().getQuery());
      int status = 200;
      JsonNode answer = live();
      if (exchange.getRequestMethod().equals("GET")) {
        calls.add("GET");
        status = there ? 200 : 404;
      } else {
        boolean force = query.contains("force=true");
        calls.add("PATCH force=" + force);
        applied.add(JSON.readTree(body));
        if (!force && !conflicts.isEmpty()) {
          status = 409;
          answer = conflict(conflicts.remove());
        }
      }
      var bytes = answer.toString().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private ObjectNode live() {
    var live = deployment();
    live.withArray("/metadata/managedFields")
        .addObject()
        .put("manager", manager)
        .put("operation", "Apply")
        .putObject("fieldsV1")
        .putObject("f:spec")
        .putObject(scaled ? "f:paused" : "f:replicas");
    return live;
  }

  private static ObjectNode conflict(List<String> fields) {
    var status =
        JSON.createObjectNode()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("reason", "Conflict")
            .put("code", 409)
            .put("message", "Apply failed with conflicts");
    var causes = status.putObject("details").putArray("causes");
    for (var field : fields) {
      causes
          .addObject()
          .put("reason", "FieldManagerConflict")
          .put("message", "conflict with \"kubectl\" with subresource \"scale\" using apps/v1")
          .put("field", field);
    }
    return status;
  }
}
