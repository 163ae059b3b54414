package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Observation;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How pods ended that are over or gone, by the uid of their Job: the latest thousand. */
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

  /** A pod as it was last seen, or as it first was over. */
  private record Gone(
      Optional<AttemptRef> attempt, boolean over, Observation.Ended last, Ending withJob) {}

  /**
   * How a pod stood when it was last seen.
   *
   * @param withJob as it is read while its Job is there
   * @param withoutJob as it is read where its Job is gone or is being removed
   */
  record Last(Ending withJob, Ending withoutJob) {}

  /**
   * Keeps what the pod's status says. What it says when the pod is over first is never overwritten:
   * in what comes later the time at which somebody asked for its deletion is lost.
   */
  synchronized void remember(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    var uid = labels == null ? null : labels.get(JOB_UID);
    if (uid != null && pod.getStatus() != null && !isOver(endings.get(uid))) {
      var node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
      var last =
          new Observation.Ended(
              uid, pod.getMetadata().getName(), node, PodReading.endingWithoutJob(pod));
      endings.put(
          uid,
          new Gone(JobReading.attempt(pod), PodReading.isOver(pod), last, PodReading.ending(pod)));
    }
  }

  private static boolean isOver(@Nullable Gone gone) {
    return gone != null && gone.over();
  }

  synchronized Optional<Last> find(String jobUid) {
    return Optional.ofNullable(endings.get(jobUid))
        .map(gone -> new Last(gone.withJob(), gone.last().ending()));
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
