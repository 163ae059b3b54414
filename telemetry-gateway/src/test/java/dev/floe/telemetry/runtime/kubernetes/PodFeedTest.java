package dev.floe.telemetry.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.enrich.PodDirectory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An event that cannot be taken ends the watch, so that a new one begins with a fresh list. */
class PodFeedTest {
  private final PodDirectory directory = PodDirectory.of(Duration.ofMinutes(10), 100, 10);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final PodWatch.Feed feed = new PodWatch.Feed(directory, failure::set);

  @Test
  void takesEvents() {
    // Given
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withUid("u1")
            .withNamespace("climate")
            .withName("a")
            .endMetadata()
            .build();
    // When
    feed.onAdd(pod);
    // Then
    assertThat(directory.pod("u1")).isNotNull();
    assertThat(failure).hasNullValue();
  }

  @Test
  void anErrorIsReportedAndNotThrown() {
    // Given
    var broken =
        new Pod() {
          @Override
          public io.fabric8.kubernetes.api.model.ObjectMeta getMetadata() {
            throw new StackOverflowError("in a test");
          }
        };
    // When
    feed.onUpdate(broken, broken);
    // Then
    assertThat(failure.get()).isInstanceOf(StackOverflowError.class);
  }
}
