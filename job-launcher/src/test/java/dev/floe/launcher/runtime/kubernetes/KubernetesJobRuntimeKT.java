package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Attempts;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.JobRuntimeConformance;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The conformance suite on a real node, with the rights of job-launcher and no others. */
class KubernetesJobRuntimeKT extends JobRuntimeConformance {
  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();

  private static LauncherRights rights;
  private static String namespace = "";
  private static KubernetesJobRuntime runtime;

  @BeforeAll
  static void openWithTheLaunchersRights() throws IOException {
    rights = LauncherRights.install(CLUSTER);
    namespace = rights.domain("kt-runtime");
    runtime = rights.open();
    runtime.watch(namespace);
  }

  @AfterAll
  static void removeRights() {
    rights.close();
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
    return rights.open();
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
  void aSuccessWhoseJobWasRemovedIsASuccess() {
    // Given: the Job goes without its pod, which somebody keeps
    var attempt = running(shell("sleep 3; echo done"));
    // When
    orphan(attempt);
    // Then
    assertThat(ending(attempt).exitCode()).isZero();
    assertThat(ending(attempt).cause()).isEqualTo(Ending.Cause.EXITED);
  }

  @Test
  void aSuccessIsKnownThoughItsJobAndItsPodAreGone() {
    // Given
    var attempt = shell("true");
    var uid = launch(attempt);
    ending(attempt.ref());
    // When: a cleaner removes the Job with its pod
    runtime.delete(attempt.ref(), uid);
    await().atMost(LIMIT).until(() -> !hasPod(attempt.ref()));
    // Then
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(runtime.observe(attempt.ref()))
                .isInstanceOfSatisfying(
                    Observation.Ended.class,
                    ended -> {
                      assertThat(ended.uid()).isEqualTo(uid);
                      assertThat(ended.ending().exitCode()).isZero();
                    }));
  }

  @Test
  void aPodThatWasOrphanedIsStoppedAndRemoved() {
    // Given
    var endless = shell("sleep 1000");
    var attempt = running(endless);
    var uid = create(endless); // of the same claim: the uid that it has
    orphan(attempt);
    // When
    runtime.stop(attempt, Duration.ofSeconds(5));
    assertThat(ending(attempt).cause()).isEqualTo(Ending.Cause.STOPPED);
    runtime.delete(attempt, uid);
    // Then
    await().atMost(LIMIT).until(() -> !hasPod(attempt));
  }

  /** Removes the attempt's Job as {@code kubectl delete job --cascade=orphan} does. */
  private static void orphan(AttemptRef attempt) {
    client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withName(attempt.name())
        .withPropagationPolicy(DeletionPropagation.ORPHAN)
        .delete();
    await()
        .atMost(LIMIT)
        .until(() ->
            client().batch().v1().jobs().inNamespace(namespace).withName(attempt.name()).get()
                == null);
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
  void aDenialByPodSecurityIsHeardOfThroughEvents() {
    // Given
    var strict = rights.domain("kt-denied");
    var asRoot = Map.of("floe.launcher.kubernetes.run-as-user", "0");
    var launcher = rights.open(asRoot);
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
  void aFullQuotaIsWaitedFor() {
    // Given
    var full = rights.domain("kt-full");
    var launcher = rights.open();
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
  void aWatchBeginsOnceItIsGranted() {
    // Given
    var late = CLUSTER.namespace("kt-late");
    var launcher = rights.open();
    Set<AttemptRef> heard = ConcurrentHashMap.newKeySet();
    launcher.listen(heard::add);
    launcher.watch(late);
    var attempt = Attempts.shell(late, image(), "true");
    assertThatThrownBy(() -> launcher.create(attempt.spec()))
        .isInstanceOf(RuntimeUnavailableException.class);
    // When
    rights.bind(late);
    launcher.release(attempt.ref(), launcher.create(attempt.spec()));
    // Then
    await().atMost(LIMIT).until(() -> heard.contains(attempt.ref()));
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
}
