package dev.floe.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.Names;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The weather example on the installed suite: Dagster calls, job-launcher launches, pods work, and
 * nobody notices that every job-launcher was killed meanwhile.
 */
class WeatherKT {
  private static final String PLATFORM = "weather";
  private static final String PLATFORM_NAMESPACE = "floe-weather";
  private static final String DOMAIN_NAMESPACE = "weather";
  private static final Set<String> SERVICES =
      Set.of("platform-manager", "job-launcher", "telemetry-gateway");
  private static final Duration DEPLOY = Duration.ofMinutes(10);
  private static final Duration PIPELINE = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofMinutes(3);

  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();
  @TempDir static Path home;

  @SuppressWarnings("NullAway.Init") // before anything else
  private static Floe floe;

  @SuppressWarnings("NullAway.Init") // before anything else
  private static OtlpBackendPod backend;

  @BeforeAll
  static void deploy() {
    backend = OtlpBackendPod.start(CLUSTER, CLUSTER.namespace("kt-otlp"));
    Suite.install(CLUSTER);
    Suite.configure(
        CLUSTER,
        "telemetry-gateway",
        Map.of(
            "FLOE_TELEMETRY_EXPORT_DESTINATIONS_KT_ENDPOINT",
            backend.url().toString(),
            "FLOE_TELEMETRY_EXPORT_DESTINATIONS_KT_PLAINTEXT",
            "true"));
    floe = new Floe(home, CLUSTER);
    CLUSTER.removed(PLATFORM_NAMESPACE, DOMAIN_NAMESPACE);
    CLUSTER.remove(PLATFORM_NAMESPACE);
    CLUSTER.remove(DOMAIN_NAMESPACE);
    floe.type(
            SOON,
            "context",
            "set",
            "kt",
            "--kubeconfig",
            CLUSTER.kubeconfig().toString(),
            "--namespace",
            Suite.NAMESPACE)
        .worked();
    floe.type(SOON, "context", "use", "kt").worked();
    floe.type(
            DEPLOY,
            "platform",
            "deploy",
            "-f",
            Checkout.file("examples/weather/platform.yaml").toString())
        .worked();
  }

  @AfterAll
  static void destroy() {
    floe.type(DEPLOY, "platform", "destroy", PLATFORM, "--yes").worked();
  }

  @Test
  void platformRunsOnRealPods() {
    var pods = CLUSTER.client().pods().inNamespace(PLATFORM_NAMESPACE).list().getItems();
    assertThat(pods).allMatch(Readiness::isPodReady, "ready");
    assertThat(pods)
        .extracting(
            pod -> pod.getMetadata().getName().replaceAll("(-[0-9a-f]{8,10})?-[a-z0-9]+$", ""))
        .containsExactlyInAnyOrder(
            "postgresql", "dagster-webserver", "dagster-daemon", "dagster-code-weather");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(events(PLATFORM_NAMESPACE, "floe.dev/platform-manager"))
                .extracting(Event::getReason)
                .contains(
                    EventReason.RELEASE_STARTED.value(),
                    EventReason.COMPONENT_READY.value(),
                    EventReason.RELEASE_DEPLOYED.value()));
  }

  @Test
  void threeJobsSucceedAndWhatTheyLeftStaysWhenTheirPodsAreGone() {
    try (var ledger = Ledger.of(CLUSTER.client(), DOMAIN_NAMESPACE)) {
      // When
      var dagsterRun = pipeline(() -> {});
      // Then
      var runs = runsOf(dagsterRun);
      succeededAtOnce(runs, ledger);
      for (var run : runs) {
        CLUSTER.client().resourceList(List.copyOf(ledger.podsOf(id(run)))).delete();
      }
      await().atMost(SOON).until(() -> runs.stream().allMatch(run -> podsLeft(id(run)) == 0));
      for (var run : runs) {
        assertThat(floe.type(SOON, "run", "logs", id(run)).worked().out()).isNotBlank();
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            var events = events(DOMAIN_NAMESPACE, "floe.dev/job-launcher");
            for (var run : runs) {
              assertThat(events)
                  .filteredOn(event -> event.getRegarding().getName().startsWith(id(run)))
                  .extracting(Event::getReason)
                  .contains(EventReason.ATTEMPT_STARTED.value(), EventReason.RUN_SUCCEEDED.value());
            }
          });
      await().atMost(SOON).untilAsserted(() -> telemetryNames(dagsterRun, runs, ledger));
    }
  }

  @Test
  void killingEveryJobLauncherChangesNothing() {
    try (var ledger = Ledger.of(CLUSTER.client(), DOMAIN_NAMESPACE)) {
      // Given
      var launchers =
          CLUSTER
              .client()
              .pods()
              .inNamespace(Suite.NAMESPACE)
              .withLabel("app.kubernetes.io/name", "job-launcher");
      var survived = new HashSet<String>(ledger.pods().keySet());
      var before = survived.size();
      // When
      var dagsterRun =
          pipeline(() -> {
            // each time a further step is at work: as kill -9 of every replica
            if (survived.addAll(ledger.pods().keySet())) {
              launchers.withGracePeriod(0).delete();
            }
          });
      // Then
      assertThat(survived).hasSize(before + 3);
      succeededAtOnce(runsOf(dagsterRun), ledger);
    }
  }

  /**
   * An orchestrator that kept the old token would be refused once only the new one is accepted. The
   * database does not read the token, and goes on.
   */
  @Test
  void pipelinesContinueAfterTheTokenWasRotated() {
    // Given
    var old = token();
    var before = pods();
    // When
    Suite.rotate(CLUSTER, "token");
    floe.type(
            DEPLOY,
            "platform",
            "deploy",
            "-f",
            Checkout.file("examples/weather/platform.yaml").toString())
        .worked();
    Suite.rotate(CLUSTER, "token", "--finish");
    // Then
    assertThat(token()).isNotEqualTo(old);
    await()
        .atMost(PIPELINE)
        .until(() -> launchersAnswer(old, 401) && launchersAnswer(token(), 200));
    var after = pods();
    assertThat(after.get("postgresql")).isEqualTo(before.get("postgresql"));
    assertThat(after.get("dagster-code-weather")).isNotEqualTo(before.get("dagster-code-weather"));
    pipeline(() -> {});
  }

  private static boolean launchersAnswer(String token, int status) {
    return CLUSTER
        .client()
        .pods()
        .inNamespace(Suite.NAMESPACE)
        .withLabel("app.kubernetes.io/name", "job-launcher")
        .list()
        .getItems()
        .stream()
        .allMatch(pod -> {
          try (var door = Door.toPod(CLUSTER.client(), pod, 8080)) {
            return door.status(Names.API + "/runs?limit=1", token) == status;
          }
        });
  }

  /** The token that callers send. */
  private static String token() {
    var secret =
        CLUSTER.client().secrets().inNamespace(Suite.NAMESPACE).withName("floe-token").get();
    var text = new String(Base64.getDecoder().decode(secret.getData().get("token")), UTF_8);
    return text.lines().findFirst().orElseThrow();
  }

  /** UIDs of the platform's pods, by workload. */
  private static Map<String, String> pods() {
    var pods = new TreeMap<String, String>();
    for (var pod : CLUSTER.client().pods().inNamespace(PLATFORM_NAMESPACE).list().getItems()) {
      if (pod.getMetadata().getDeletionTimestamp() == null) {
        pods.put(
            pod.getMetadata().getName().replaceAll("(-[0-9a-f]{8,10})?-[a-z0-9]+$", ""),
            pod.getMetadata().getUid());
      }
    }
    return pods;
  }

  /**
   * Has Dagster run the pipeline to its end, and does something else meanwhile, again and again.
   */
  private static String pipeline(Runnable meanwhile) {
    var dagster = new Dagster(CLUSTER.client(), PLATFORM_NAMESPACE);
    var run = dagster.launch("weather_pipeline");
    await()
        .atMost(PIPELINE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              meanwhile.run();
              return dagster.status(run);
            },
            status -> List.of("SUCCESS", "FAILURE", "CANCELED").contains(status));
    assertThat(dagster.status(run)).isEqualTo("SUCCESS");
    return run;
  }

  /** The floe runs that a run of Dagster called for, in the order of its steps. */
  private static List<JsonNode> runsOf(String dagsterRun) {
    var all = floe.ask("run", "list", "--platform", PLATFORM, "--limit", "500");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(run -> run.path("idempotencyKey").asText().startsWith("dagster:" + dagsterRun))
        .sorted(Comparator.comparing(WeatherKT::id))
        .toList();
  }

  private static void succeededAtOnce(List<JsonNode> runs, Ledger ledger) {
    assertThat(runs)
        .extracting(run -> run.path("request").path("kind").asText())
        .containsExactly("ingestion", "dbt-run", "quality-check");
    assertThat(runs).allMatch(run -> run.path("state").asText().equals("SUCCEEDED"));
    assertThat(runs).allMatch(run -> run.path("attempt").asInt() == 1);
    for (var run : runs) {
      var first = id(run) + "/1";
      assertThat(ledger.jobs().get(first)).as("Jobs of %s", first).hasSize(1);
      assertThat(ledger.pods().get(first)).as("pods of %s", first).hasSize(1);
      assertThat(ledger.jobs()).doesNotContainKey(id(run) + "/2");
    }
  }

  /** One trace holds Dagster's call, the launcher's spans and those of the pods, each named. */
  private static void telemetryNames(String dagsterRun, List<JsonNode> runs, Ledger ledger) {
    var spans = backend.spans();
    assertThat(spans)
        .filteredOn(span -> SERVICES.contains(span.resource().get("service.name")))
        .as("watching and polling begin no traces")
        .noneMatch(span -> span.beginsTrace() && span.kind() == SpanKind.SPAN_KIND_CLIENT);
    var trace =
        spans.stream().filter(span -> span.traceId().equals(dagsterRun.replace("-", ""))).toList();
    assertThat(trace)
        .extracting(span -> span.resource().get("service.name"))
        .contains("dagster", "job-launcher");
    for (var run : runs) {
      var pod = ledger.podsOf(id(run)).getFirst();
      assertThat(trace)
          .filteredOn(span -> id(run).equals(span.resource().get("floe.run.id")))
          .extracting(OtlpBackendPod.Sent::resource)
          .anySatisfy(resource ->
              assertThat(resource)
                  .containsEntry("k8s.pod.name", pod.getMetadata().getName())
                  .containsEntry("k8s.pod.uid", pod.getMetadata().getUid())
                  .containsEntry("k8s.namespace.name", DOMAIN_NAMESPACE)
                  .containsEntry("k8s.node.name", pod.getSpec().getNodeName())
                  .containsEntry("floe.domain", "weather")
                  .containsEntry("floe.product", "seattle-weather")
                  .containsEntry("floe.pipeline", "weather_pipeline")
                  .containsEntry("floe.attempt", "1"));
    }
  }

  private static int podsLeft(String run) {
    return CLUSTER
        .client()
        .pods()
        .inNamespace(DOMAIN_NAMESPACE)
        .withLabel(Names.Labels.RUN, run)
        .list()
        .getItems()
        .size();
  }

  private static List<Event> events(String namespace, String controller) {
    return CLUSTER.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> controller.equals(event.getReportingController()))
        .collect(Collectors.toList());
  }

  private static String id(JsonNode run) {
    return run.path("id").asText();
  }
}
