package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Observation;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How pods ended that are gone by now, by the uid of their Job: the latest thousand. */
final class RememberedEndings {
  private static final int MOST = 1000;
  private static final String JOB_UID = "batch.kubernetes.io/controller-uid";

  private final Map<String, Gone> endings =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Gone> eldest) {
          return size() > MOST;
        }
      };

  /** A pod as it was last seen. */
  private record Gone(Optional<AttemptRef> attempt, Observation.Ended last) {}

  /** Keeps what the pod's last status said. */
  synchronized void remember(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    var uid = labels == null ? null : labels.get(JOB_UID);
    if (uid != null && pod.getStatus() != null) {
      var node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
      var last =
          new Observation.Ended(
              uid, pod.getMetadata().getName(), node, PodReading.endingWithoutJob(pod));
      endings.put(uid, new Gone(JobReading.attempt(pod), last));
    }
  }

  synchronized Optional<Ending> find(String jobUid) {
    return Optional.ofNullable(endings.get(jobUid)).map(gone -> gone.last().ending());
  }

  /**
   * How an attempt ended whose Job and pod are both gone; empty where its process did not come to
   * an end by itself.
   */
  synchronized Optional<Observation.Ended> find(AttemptRef attempt) {
    return endings.values().stream()
        .filter(gone -> gone.attempt().filter(attempt::equals).isPresent())
        .map(Gone::last)
        .filter(last -> last.ending().cause() != Cause.POD_DELETED)
        .reduce((_, newer) -> newer);
  }
}
