package dev.floe.telemetry.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What telemetry knows of a pod is what its labels, its owner and its status say. */
class PodReaderTest {

  @Test
  void readsAnAttempt() {
    // Given
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withUid("u1")
            .withNamespace("climate")
            .withName("r1-1-x")
            .addToLabels("floe.dev/run", "r1")
            .addToLabels("floe.dev/attempt", "1")
            .addToLabels("floe.dev/domain", "climate")
            .addToLabels("floe.dev/product", "weather")
            .addToLabels("floe.dev/pipeline", "daily")
            .addNewOwnerReference()
            .withKind("Job")
            .withName("r1-1")
            .endOwnerReference()
            .endMetadata()
            .withNewSpec()
            .withNodeName("n1")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP("10.0.0.1")
            .addNewPodIP("10.0.0.1")
            .addNewPodIP("fd00:10:244::1")
            .endStatus()
            .build();
    // When
    var read = PodReader.read(pod);
    // Then
    assertThat(read)
        .isEqualTo(
            new dev.floe.telemetry.enrich.Pod(
                "u1",
                "climate",
                "r1-1-x",
                List.of("10.0.0.1", "fd00:10:244::1"),
                "n1",
                "r1-1",
                "climate",
                "weather",
                "daily",
                "r1",
                "1",
                false));
  }

  @Test
  void theAddressOfANodeIsNoPods() {
    // Given
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withUid("u1")
            .withNamespace("floe")
            .withName("agent")
            .endMetadata()
            .withNewSpec()
            .withHostNetwork(true)
            .endSpec()
            .withNewStatus()
            .withPhase("Succeeded")
            .withPodIP("192.168.0.1")
            .endStatus()
            .build();
    // When
    var read = PodReader.read(pod);
    // Then
    assertThat(read.ips()).isEmpty();
    assertThat(read.finished()).isTrue();
    assertThat(read.run()).isNull();
  }
}
