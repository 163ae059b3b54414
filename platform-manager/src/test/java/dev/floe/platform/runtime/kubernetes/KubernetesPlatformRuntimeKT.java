package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.TestRuntimeConfig;
import dev.floe.platform.runtime.WritePermit;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the runtime does to objects of a cluster, with plans made by hand. */
class KubernetesPlatformRuntimeKT {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Cluster cluster;

  @SuppressWarnings("NullAway") // nothing here emits Events
  private final KubernetesPlatformRuntime runtime =
      new KubernetesPlatformRuntime(
          new TestRuntimeConfig(), KubernetesPlatformRuntimeKT::client, null);

  private final String platform = "kt-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private final String namespace = "floe-" + platform;

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  @BeforeEach
  void ownNamespace() {
    cluster.remove(namespace);
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  @Test
  void namesakeInANamespaceOfOthersSurvivesARemoval() {
    // Given
    client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    var theirs =
        object(
            """
            {"apiVersion": "apps/v1", "kind": "StatefulSet",
             "metadata": {"name": "postgresql", "namespace": "%s"},
             "spec": {"replicas": 0, "serviceName": "postgresql",
                      "selector": {"matchLabels": {"app": "theirs"}},
                      "template": {"metadata": {"labels": {"app": "theirs"}},
                                   "spec": {"containers": [{"name": "db", "image": "theirs:1"}]}}}}
            """);
    var uid = client().resource(theirs.toString()).create().getMetadata().getUid();
    var plan = plan(labelled(theirs));
    // When
    assertThatThrownBy(() -> runtime.prepare(plan, WritePermit.ALWAYS))
        .isInstanceOf(RolloutFailedException.class)
        .hasMessageContaining("was not made by floe");
    var removal = runtime.remove(plan(), applied(theirs), true, WritePermit.ALWAYS);
    // Then
    assertThat(removal.removed()).isEmpty();
    assertThat(removal.kept())
        .singleElement()
        .asString()
        .contains("StatefulSet/%s/postgresql stays".formatted(namespace));
    var live = client().apps().statefulSets().inNamespace(namespace).withName("postgresql").get();
    assertThat(live.getMetadata().getUid()).isEqualTo(uid);
    assertThat(live.getMetadata().getDeletionTimestamp()).isNull();
  }

  @Test
  void copyWithTheLabelsSurvivesPruneAndDestroy() {
    // Given
    var ours = labelled(configMap("ours"));
    var copy = labelled(configMap("copy"));
    var plan = plan(ours);
    runtime.prepare(plan, WritePermit.ALWAYS);
    var applied = new ArrayList<AppliedObject>();
    runtime.apply(
        plan, plan.components().getFirst(), WritePermit.ALWAYS, applied::add, progress -> {});
    client().resource(copy.toString()).create();
    applied.addAll(applied(copy));
    // Then: a difference is what prune would do
    assertThat(runtime.diff(plan, applied, List.of(), plan()))
        .extracting(change -> change.object())
        .containsExactly("ConfigMap/%s/ours".formatted(namespace));
    // When
    var pruned = runtime.remove(plan(), applied, false, WritePermit.ALWAYS);
    // Then
    assertThat(pruned.removed()).containsExactly("ConfigMap/%s/ours".formatted(namespace));
    assertThat(pruned.kept())
        .containsExactly(
            "ConfigMap/%s/copy stays: it was not applied by floe".formatted(namespace));
    assertThat(client().configMaps().inNamespace(namespace).withName("copy").get()).isNotNull();
    await()
        .atMost(LONG)
        .until(() -> client().configMaps().inNamespace(namespace).withName("ours").get() == null);
  }

  @Test
  void dataSurvivesARemovalThoughFloeAppliedIt() {
    // Given
    var claim =
        labelled(
            object(
                """
                {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                 "metadata": {"name": "data", "namespace": "%s"},
                 "spec": {"accessModes": ["ReadWriteOnce"],
                          "resources": {"requests": {"storage": "1Gi"}}}}
                """));
    var plan = plan(claim, labelled(configMap("ours")));
    var applied = new ArrayList<AppliedObject>();
    runtime.prepare(plan, WritePermit.ALWAYS);
    runtime.apply(
        plan, plan.components().getFirst(), WritePermit.ALWAYS, applied::add, progress -> {});
    // When
    var removal = runtime.remove(plan(), applied, true, WritePermit.ALWAYS);
    // Then
    assertThat(removal.removed()).containsExactly("ConfigMap/%s/ours".formatted(namespace));
    assertThat(removal.kept()).singleElement().asString().contains("holds data");
    var live = client().persistentVolumeClaims().inNamespace(namespace).withName("data").get();
    assertThat(live.getMetadata().getDeletionTimestamp()).isNull();
  }

  @Test
  void correctedDeploymentIsNotFailedByItsOldPod() {
    // Given
    var image = anImageOfANode();
    assumeThat(image).as("an image that a node has").isPresent();
    var broken = plan(deployment("nowhere.invalid/none:1"));
    runtime.prepare(broken, WritePermit.ALWAYS);
    runtime.apply(
        broken, broken.components().getFirst(), WritePermit.ALWAYS, applied -> {}, progress -> {});
    await()
        .atMost(LONG)
        .until(() -> runtime.observe(broken, broken.components().getFirst()).failing());
    // When
    var corrected = plan(deployment(image.get()));
    runtime.apply(
        corrected,
        corrected.components().getFirst(),
        WritePermit.ALWAYS,
        applied -> {},
        progress -> {});
    var seen = new ArrayList<Observation>();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          seen.add(runtime.observe(corrected, corrected.components().getFirst()));
          return seen.getLast().ready();
        });
    // Then
    assertThat(seen).hasSizeGreaterThan(5).noneMatch(Observation::failing);
  }

  /** A StatefulSet has no condition that says so, only Events. */
  @Test
  void aStatefulSetWithoutRoomInItsQuotaSaysSoUntilThereIsRoom() {
    // Given
    var set =
        labelled(
            object(
                """
                {"apiVersion": "apps/v1", "kind": "StatefulSet",
                 "metadata": {"name": "db", "namespace": "%s"},
                 "spec": {"replicas": 1, "serviceName": "db",
                          "selector": {"matchLabels": {"app": "db"}},
                          "template": {"metadata": {"labels": {"app": "db"}},
                            "spec": {"containers": [{"name": "db", "image": "nowhere.invalid/db:1"}]}}}}
                """));
    ((ObjectNode) set.at("/spec/template/spec"))
        .set(
            "securityContext",
            tree(
                "{'runAsNonRoot': true, 'runAsUser': 65532, 'seccompProfile': {'type': 'RuntimeDefault'}}"));
    ((ObjectNode) set.at("/spec/template/spec/containers/0"))
        .set(
            "securityContext",
            tree("{'allowPrivilegeEscalation': false, 'capabilities': {'drop': ['ALL']}}"));
    var plan = plan(set);
    var component = plan.components().getFirst();
    runtime.prepare(plan, WritePermit.ALWAYS);
    var quota =
        client()
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("none")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addToHard("pods", Quantity.parse("0"))
                    .endSpec()
                    .build())
            .create();
    // a quota holds once its controller has counted
    await()
        .atMost(LONG)
        .until(() -> client().resource(quota).get().getStatus().getUsed().containsKey("pods"));
    runtime.apply(plan, component, WritePermit.ALWAYS, applied -> {}, progress -> {});
    // Then
    await()
        .atMost(LONG)
        .until(() -> runtime.observe(plan, component).reason().equals("FailedCreate"));
    assertThat(runtime.observe(plan, component).failing()).isTrue();
    assertThat(runtime.observe(plan, component).message()).contains("exceeded quota");
    // When
    client().resource(quota).delete();
    // Then
    await()
        .atMost(LONG)
        .until(() -> !runtime.observe(plan, component).reason().equals("FailedCreate"));
  }

  @Test
  void followedLogEndsWithItsReader() throws Exception {
    // Given: a pod that writes nothing
    var image = anImageOfANode();
    assumeThat(image).as("an image that a node has").isPresent();
    var plan = plan(deployment(image.get()));
    var component = plan.components().getFirst();
    runtime.prepare(plan, WritePermit.ALWAYS);
    runtime.apply(plan, component, WritePermit.ALWAYS, applied -> {}, progress -> {});
    await().atMost(LONG).until(() -> runtime.observe(plan, component).ready());
    var idle = new CountDownLatch(1);
    // When
    runtime.logs(plan, component, new LogRequest(10, false, false, 1000)).copy(new Sink(idle));
    var reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                runtime
                    .logs(plan, component, new LogRequest(10, true, false, 1000))
                    .copy(new Sink(idle));
              } catch (IOException e) {
                // interrupted
              }
            });
    assertThat(idle.await(1, TimeUnit.MINUTES)).isTrue();
    reader.interrupt();
    // Then
    assertThat(reader.join(Duration.ofMinutes(1))).isTrue();
  }

  /** The main container ends once, so that it is started again. */
  private ObjectNode restarting() {
    var deployment = deployment(System.getProperty("floe.test.image", "floe.local/weather:1"));
    var spec = (ObjectNode) deployment.at("/spec/template/spec");
    ((ObjectNode) deployment.at("/spec")).put("minReadySeconds", 0);
    spec.withArray("volumes").add(tree("{'name': 'd', 'emptyDir': {}}"));
    var main = (ObjectNode) spec.at("/containers/0");
    var mounts = tree("[{'name': 'd', 'mountPath': '/d'}]");
    main.set("volumeMounts", mounts);
    var init = main.deepCopy().put("name", "prepare");
    init.set("command", tree("['sh', '-c', 'echo prepared']"));
    spec.withArray("initContainers").add(init);
    main.set(
        "command",
        tree(
            "['sh', '-c', 'test -e /d/1 || { touch /d/1; echo first; exit 1; }; echo second;"
                + " sleep 600']"));
    return deployment;
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void logsShowInitAndPreviousContainersAndFollowPodsThatComeLater() throws Exception {
    // Given
    var plan = plan(restarting());
    var component = plan.components().getFirst();
    runtime.prepare(plan, WritePermit.ALWAYS);
    runtime.apply(plan, component, WritePermit.ALWAYS, applied -> {}, progress -> {});
    await()
        .atMost(LONG)
        .until(() -> runtime.observe(plan, component).ready() && restarts(plan, component) == 1);
    // When
    var present = log(plan, component, false);
    var previous = log(plan, component, true);
    // Then
    assertThat(present.lines().map(line -> line.replaceAll("web-[a-z0-9-]*", "web")))
        .containsExactly("[web/prepare] prepared", "[web] second");
    assertThat(previous.lines().map(line -> line.replaceAll("web-[a-z0-9-]*", "web")))
        .containsExactly("[web/prepare] (was not restarted)", "[web] first");
    // Given
    var followed = new Lines();
    var reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                runtime.logs(plan, component, new LogRequest(10, true, false, 1000)).copy(followed);
              } catch (IOException e) {
                // interrupted
              }
            });
    await().atMost(LONG).until(() -> followed.text().contains("second"));
    // When
    client().apps().deployments().inNamespace(namespace).withName("web").scale(2);
    // Then: the lines of the second pod, before and after its restart
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(followed.text().lines().filter(line -> line.endsWith("prepared"))).hasSize(2);
          assertThat(followed.text().lines().filter(line -> line.endsWith("first"))).hasSize(1);
          assertThat(followed.text().lines().filter(line -> line.endsWith("second"))).hasSize(2);
        });
    reader.interrupt();
    assertThat(reader.join(Duration.ofMinutes(1))).isTrue();
  }

  private int restarts(Plan plan, PlannedComponent component) {
    return runtime.observe(plan, component).workloads().getFirst().restarts();
  }

  private String log(Plan plan, PlannedComponent component, boolean previous) throws IOException {
    var lines = new Lines();
    runtime.logs(plan, component, new LogRequest(10, false, previous, 100_000)).copy(lines);
    return lines.text();
  }

  /** Keeps what is written. */
  private static final class Lines implements LogSink {
    private final Queue<String> text = new ConcurrentLinkedQueue<>();

    private String text() {
      return String.join("", text);
    }

    @Override
    public void write(byte[] lines) {
      text.add(new String(lines, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {}

    @Override
    public void idle() {}
  }

  /** Takes everything. */
  private record Sink(CountDownLatch idled) implements LogSink {
    @Override
    public void write(byte[] lines) {}

    @Override
    public void flush() {}

    @Override
    public void idle() {
      idled.countDown();
    }
  }

  private static Optional<String> anImageOfANode() {
    return client().nodes().list().getItems().stream()
        .flatMap(node -> node.getStatus().getImages().stream())
        .flatMap(image -> image.getNames().stream())
        .filter(name -> name.contains("pause") && !name.contains("@"))
        .findFirst();
  }

  /** Its new pod is available ten seconds after it is ready; until then the old one stays. */
  private ObjectNode deployment(String image) {
    return labelled(
        object(
            """
            {"apiVersion": "apps/v1", "kind": "Deployment",
             "metadata": {"name": "web", "namespace": "%s"},
             "spec": {"replicas": 1, "minReadySeconds": 10,
               "selector": {"matchLabels": {"app": "web"}},
               "template": {"metadata": {"labels": {"app": "web",
                   "floe.dev/component": "system", "floe.dev/platform": "PLATFORM"}},
                 "spec": {"terminationGracePeriodSeconds": 1,
                   "securityContext": {"runAsNonRoot": true, "runAsUser": 65532,
                                       "seccompProfile": {"type": "RuntimeDefault"}},
                   "containers": [{"name": "main", "image": "IMAGE",
                     "imagePullPolicy": "IfNotPresent",
                     "securityContext": {"allowPrivilegeEscalation": false,
                                         "capabilities": {"drop": ["ALL"]}}}]}}}}
            """
                .replace("IMAGE", image)
                .replace("PLATFORM", platform)));
  }

  private ObjectNode configMap(String name) {
    return object(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "NAME", "namespace": "%s"}, "data": {"a": "b"}}
        """
            .replace("NAME", name));
  }

  private ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.formatted(namespace));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the planner labels objects. */
  private ObjectNode labelled(ObjectNode object) {
    var copy = object.deepCopy();
    copy.withObject("/metadata/labels")
        .put("app.kubernetes.io/name", "system")
        .put("app.kubernetes.io/instance", platform)
        .put("app.kubernetes.io/managed-by", "floe-platform-manager")
        .put("floe.dev/platform", platform);
    return copy;
  }

  /** Objects whose UIDs nobody recorded. */
  private static List<AppliedObject> applied(ObjectNode... objects) {
    return Stream.of(objects).map(object -> new AppliedObject(object, null)).toList();
  }

  private Plan plan(ObjectNode... objects) {
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
    return new Plan(platform, "kubernetes", namespace, List.of(component), List.of(), List.of());
  }
}
