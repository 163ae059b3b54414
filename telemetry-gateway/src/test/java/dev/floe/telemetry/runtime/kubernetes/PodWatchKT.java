package dev.floe.telemetry.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.telemetry.enrich.PodDirectory;
import dev.floe.telemetry.thread.SupervisedThread;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods of a real cluster become known, stay known after they are gone, and cost little memory. */
class PodWatchKT {
  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();

  private static final Duration LONG = Duration.ofMinutes(2);

  private final PodDirectory directory = PodDirectory.of(Duration.ofMinutes(10), 100, 10);

  @Test
  void podsBecomeKnownAndAreRememberedWhenTheyAreGone() {
    // Given
    var client = CLUSTER.client();
    var namespace = CLUSTER.namespace("kt-podwatch");
    var before = create(client, namespace, "before");
    try (var informer = PodWatch.watch(client, directory, failure -> {})) {
      await().atMost(LONG).until(directory::isSynced);
      assertThat(directory.pod(uid(before))).isNotNull();
      // When
      var after = create(client, namespace, "after");
      // Then
      await().atMost(LONG).until(() -> directory.pod(uid(after)) != null);
      var known = Objects.requireNonNull(directory.pod(uid(after)));
      assertThat(known.product()).isEqualTo("weather");
      assertThat(known.name()).isEqualTo("after");
      assertThat(informer.getStore().getByKey(namespace + "/after").getSpec()).isNull();
      // When
      var deleted = client.pods().inNamespace(namespace).withName("after").withGracePeriod(0);
      deleted.delete();
      await()
          .atMost(LONG)
          .until(() -> !informer.getStore().listKeys().contains(namespace + "/after"));
      // Then
      assertThat(directory.pod(uid(after))).isNotNull();
    }
  }

  @Test
  void aWatchThatFailsBeginsAnewAndTellsWhatItMissed() throws Exception {
    // Given: a pod that the first watch has told of
    var client = CLUSTER.client();
    var namespace = CLUSTER.namespace("kt-podwatch-anew");
    var first = create(client, namespace, "first");
    var runs = new AtomicInteger();
    var missed = new CountDownLatch(1);
    var watcher =
        SupervisedThread.start(
            "test",
            () -> {
              if (runs.incrementAndGet() > 1) {
                missed.await();
                PodWatch.follow(client, directory);
              }
              try (var informer = PodWatch.watch(client, directory, failure -> {})) {
                await().atMost(LONG).until(() -> directory.pod(uid(first)) != null);
                assertThat(informer.isRunning()).isTrue();
              }
              throw new StackOverflowError("in a test");
            },
            failure -> directory.lost());
    await().atMost(LONG).until(() -> runs.get() > 1);
    assertThat(directory.isSynced()).isFalse();
    // When: meanwhile the pod goes and another comes
    client.pods().inNamespace(namespace).withName("first").withGracePeriod(0).delete();
    var second = create(client, namespace, "second");
    missed.countDown();
    // Then
    await().atMost(LONG).until(directory::isSynced);
    await().atMost(LONG).until(() -> directory.pod(uid(second)) != null);
    assertThat(Objects.requireNonNull(directory.pod(uid(first))).finished()).isTrue();
    watcher.interrupt();
    assertThat(watcher.join(LONG)).isTrue();
    assertThat(directory.isSynced()).isFalse();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  /** A pod that no node takes: what is read stands in its metadata. */
  private static Pod create(KubernetesClient client, String namespace, String name) {
    return client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("floe.dev/run", "r1")
                .addToLabels("floe.dev/product", "weather")
                .endMetadata()
                .withNewSpec()
                .addToNodeSelector("floe.dev/none", "none")
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65532L)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("main")
                .withImage("floe.local/none:1")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
