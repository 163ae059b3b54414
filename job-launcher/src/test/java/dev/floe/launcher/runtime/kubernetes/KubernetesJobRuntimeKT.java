package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Attempts;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.JobRuntimeConformance;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The conformance suite on a real node, with the rights of job-launcher and no others. */
class KubernetesJobRuntimeKT extends JobRuntimeConformance {
  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();

  private static final String ACCOUNT = "launcher";
  private static String namespace = "";
  private static KubernetesJobRuntime runtime = open(CLUSTER.client());

  @BeforeAll
  static void openWithTheLaunchersRights() throws IOException {
    namespace = CLUSTER.namespace("kt-runtime");
    runtime = open(asLauncher(namespace));
    runtime.watch(namespace);
  }

  @BeforeEach
  void listen() {
    runtime.listen(this::hear);
  }

  @Override
  protected JobRuntime runtime() {
    return runtime;
  }

  @Override
  protected JobRuntime reopen() {
    return open(CLUSTER.as(namespace, ACCOUNT));
  }

  @Override
  protected String namespace() {
    return namespace;
  }

  @Override
  protected String image() {
    return "floe.local/weather:1";
  }

  @Override
  protected void secret(String name, String key, String value) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .addToStringData(key, value)
            .build();
    CLUSTER.client().resource(secret).create();
  }

  @Test
  void anEvictedPodIsTheClustersDoing() {
    // Given
    var attempt = running(shell("sleep 1000"));
    // When
    client().pods().inNamespace(namespace).withName(pod(attempt).getMetadata().getName()).evict();
    // Then
    assertThat(ending(attempt).cause()).isEqualTo(Ending.Cause.EVICTED);
  }

  @Test
  void aDeletedPodIsTheClustersDoing() {
    // Given
    var attempt = running(shell("sleep 1000"));
    // When
    client().resource(pod(attempt)).withGracePeriod(1).delete();
    // Then
    assertThat(ending(attempt).cause()).isEqualTo(Ending.Cause.POD_DELETED);
  }

  @Test
  void anEndIsKnownAfterThePodIsGone() {
    // Given
    var attempt = shell("exit 42");
    run(attempt);
    await()
        .atMost(LIMIT)
        .until(() ->
            !client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(attempt.ref().name())
                .get()
                .getStatus()
                .getConditions()
                .stream()
                .filter(condition -> "Failed".equals(condition.getType()))
                .toList()
                .isEmpty());
    // When
    client().resource(pod(attempt.ref())).delete();
    await().atMost(LIMIT).until(() -> !hasPod(attempt.ref()));
    // Then
    var later = reopen().observe(attempt.ref());
    assertThat(later)
        .isInstanceOfSatisfying(
            Observation.Ended.class, ended -> assertThat(ended.ending().exitCode()).isEqualTo(42));
  }

  @Test
  void aDeletedJobIsAbsentOnceItsPodIsGone() {
    // Given
    var attempt = running(shell("sleep 1000"));
    // When
    client().batch().v1().jobs().inNamespace(namespace).withName(attempt.name()).delete();
    // Then
    await().atMost(LIMIT).until(() -> runtime.observe(attempt) instanceof Observation.Absent);
    assertThat(pods(attempt)).allMatch(PodReading::isOver);
  }

  @Test
  void aPodThatNoNodeTakesSaysSo() {
    // When
    var obstacle = obstacle(shell("true").withMemory("900Ti"));
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.UNSCHEDULABLE);
    assertThat(obstacle.message()).contains("Insufficient memory");
  }

  @Test
  void anImageNameThatCannotBeReadSaysSo() {
    // When
    var obstacle = obstacle(shell("true").withImage("Not::An::Image"));
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.INVALID_IMAGE_NAME);
  }

  @Test
  void aDenialByPodSecurityIsHeardOfThroughEvents() throws IOException {
    // Given
    var strict = CLUSTER.namespace("kt-denied");
    var asRoot = Map.of("floe.launcher.kubernetes.run-as-user", "0");
    var launcher = open(asLauncher(strict), asRoot);
    var attempt = Attempts.shell(strict, image(), "true");
    // When
    launcher.release(attempt.ref(), launcher.create(attempt.spec()));
    // Then
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(launcher.observe(attempt.ref()))
                .isInstanceOfSatisfying(
                    Observation.Waiting.class,
                    waiting ->
                        assertThat(waiting.obstacle())
                            .extracting(Obstacle::kind)
                            .isEqualTo(Obstacle.Kind.ADMISSION_DENIED)));
  }

  @Test
  void aFullQuotaIsWaitedFor() throws IOException {
    // Given
    var full = CLUSTER.namespace("kt-full");
    var launcher = open(asLauncher(full));
    var attempt = Attempts.shell(full, image(), "true");
    var quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("full")
            .withNamespace(full)
            .endMetadata()
            .withNewSpec()
            .addToHard("pods", new Quantity("0"))
            .endSpec()
            .build();
    client().resource(quota).create();
    // When
    launcher.release(attempt.ref(), launcher.create(attempt.spec()));
    // Then
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(launcher.observe(attempt.ref()))
                .isInstanceOfSatisfying(
                    Observation.Waiting.class,
                    waiting ->
                        assertThat(waiting.obstacle())
                            .extracting(Obstacle::kind)
                            .isEqualTo(Obstacle.Kind.QUOTA)));
  }

  @Test
  void aWatchBeginsOnceItIsGranted() throws IOException {
    // Given
    var late = CLUSTER.namespace("kt-late");
    account(late);
    var launcher = open(CLUSTER.as(late, ACCOUNT));
    Set<AttemptRef> heard = ConcurrentHashMap.newKeySet();
    launcher.listen(heard::add);
    launcher.watch(late);
    var attempt = Attempts.shell(late, image(), "true");
    assertThatThrownBy(() -> launcher.create(attempt.spec()))
        .isInstanceOf(RuntimeUnavailableException.class);
    // When
    grant(late);
    launcher.release(attempt.ref(), launcher.create(attempt.spec()));
    // Then
    await().atMost(LIMIT).until(() -> heard.contains(attempt.ref()));
  }

  @Test
  void aNamespaceThatIsNotThereIsRefusedAndOneThatIsNotGrantedIsTriedAgain() {
    // Given
    var nowhere = Attempts.shell("kt-no-such-namespace", image(), "true");
    var foreign = Attempts.shell("default", image(), "true");
    var admin = open(CLUSTER.client());
    // When
    assertThatThrownBy(() -> admin.create(nowhere.spec()))
        // Then
        .isInstanceOfSatisfying(
            LaunchRefusedException.class,
            e -> assertThat(e.obstacle().message()).contains("declare the domain"));
    assertThatThrownBy(() -> runtime.create(foreign.spec()))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("platform-manager grants it");
  }

  private AttemptRef running(Attempts attempt) {
    launch(attempt);
    await()
        .atMost(LIMIT)
        .until(() -> runtime.observe(attempt.ref()) instanceof Observation.Running);
    return attempt.ref();
  }

  private static Pod pod(AttemptRef attempt) {
    return pods(attempt).getFirst();
  }

  private static boolean hasPod(AttemptRef attempt) {
    return !pods(attempt).isEmpty();
  }

  private static List<Pod> pods(AttemptRef attempt) {
    return client()
        .pods()
        .inNamespace(attempt.namespace())
        .withLabel("batch.kubernetes.io/job-name", attempt.name())
        .list()
        .getItems();
  }

  private static KubernetesClient client() {
    return CLUSTER.client();
  }

  private static KubernetesJobRuntime open(KubernetesClient client) {
    return open(client, Map.of());
  }

  private static KubernetesJobRuntime open(KubernetesClient client, Map<String, String> values) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(KubernetesRuntimeConfig.class)
            .withDefaultValue("floe.launcher.kubernetes.termination-grace", "PT5S")
            .withDefaultValues(values)
            .build()
            .getConfigMapping(KubernetesRuntimeConfig.class);
    return new KubernetesJobRuntime(client, config, (_, _, _) -> {});
  }

  private static KubernetesClient asLauncher(String where) throws IOException {
    account(where);
    grant(where);
    return CLUSTER.as(where, ACCOUNT);
  }

  private static void account(String where) {
    client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(ACCOUNT)
                .withNamespace(where)
                .endMetadata()
                .build())
        .create();
  }

  /** Gives the account the rules that the suite's own manifest gives to job-launcher. */
  private static void grant(String where) throws IOException {
    try (var manifest = Files.newInputStream(Path.of("src/main/kubernetes/kubernetes.yml"))) {
      var rules =
          client().load(manifest).items().stream()
              .filter(ClusterRole.class::isInstance)
              .map(ClusterRole.class::cast)
              .filter(role -> role.getMetadata().getName().equals("floe-job-launcher-domain"))
              .findFirst()
              .orElseThrow()
              .getRules();
      client()
          .resource(
              new RoleBuilder()
                  .withNewMetadata()
                  .withName(ACCOUNT)
                  .withNamespace(where)
                  .endMetadata()
                  .withRules(rules)
                  .build())
          .create();
    }
    client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(ACCOUNT)
                .withNamespace(where)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", ACCOUNT)
                .addNewSubject("", "ServiceAccount", ACCOUNT, where)
                .build())
        .create();
  }
}
