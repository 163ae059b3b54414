package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over objects as a cluster had them: {@code readiness/*.yaml}. */
class ObjectReadinessTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "job-complete",
        "daemonset",
        "definition",
        "service",
        "custom-ready",
        "custom-new"
      })
  void recordedObjectIsReady(String recording) {
    // When
    var seen = ObjectReadiness.of(object(recording));
    // Then
    assertThat(seen).returns(true, SeenWorkload::ready).returns(true, SeenWorkload::available);
    assertThat(seen.workload().message()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // recording, available, failing, reason, words
    "job-active, true, false, Running, has not completed",
    "job-failed, true, true, BackoffLimitExceeded, backoff limit",
    "job-late, true, true, DeadlineExceeded, deadline",
    "job-suspended, true, false, Suspended, suspended",
    "claim-pending, true, false, Pending, class nowhere",
    "service-pending, false, false, NoAddress, no address yet",
    "definition-refused, false, true, ListKindConflict, already in use",
    "custom-stale, false, false, NotObserved, has not seen",
    "custom-progressing, false, false, Turning, not yet",
    "custom-stalled, false, true, Stuck, no axle",
  })
  void recordedObjectIsNotReady(
      String recording, boolean available, boolean failing, String reason, String words) {
    // When
    var seen = ObjectReadiness.of(object(recording));
    // Then
    assertThat(seen.ready()).isFalse();
    assertThat(seen.available()).isEqualTo(available);
    assertThat(seen.failing()).isEqualTo(failing);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.workload().message()).contains(words);
  }

  @Test
  void daemonSetWaitsForItsNodes() {
    // Given
    var set = object("daemonset");
    set.withObject("/status").put("desiredNumberScheduled", 3).put("updatedNumberScheduled", 2);
    // Then
    assertThat(ObjectReadiness.of(set))
        .returns(false, SeenWorkload::ready)
        .returns(false, SeenWorkload::available);
    // When: it still runs everywhere as it did before
    set.withObject("/status").put("numberAvailable", 3);
    // Then
    assertThat(ObjectReadiness.of(set))
        .returns(false, SeenWorkload::ready)
        .returns(true, SeenWorkload::available);
  }

  @ParameterizedTest
  @ValueSource(strings = {"job-complete", "custom-ready"})
  void objectThatIsBeingDeletedIsNotReady(String recording) {
    // Given
    var object = object(recording);
    object.withObject("/metadata").put("deletionTimestamp", "2026-11-26T00:00:00Z");
    // Then
    assertThat(ObjectReadiness.of(object)).returns(false, SeenWorkload::ready);
  }

  /** What can only be there or not is not read at every look. */
  @ParameterizedTest
  @CsvSource({
    "service, false",
    "service-pending, true",
    "budget, false",
    "autoscaler-failing, false",
    "job-active, true",
    "claim-pending, true",
    "definition, true",
    "custom-new, true",
  })
  void onlyWhatCanBeUnreadyIsRead(String recording, boolean matters) {
    assertThat(ObjectReadiness.matters(object(recording))).isEqualTo(matters);
  }

  private static ObjectNode object(String recording) {
    var file = "/readiness/" + recording + ".yaml";
    return new KubernetesSerialization()
        .unmarshal(
            Objects.requireNonNull(ObjectReadinessTest.class.getResourceAsStream(file)),
            ObjectNode.class);
  }
}
