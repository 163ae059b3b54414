package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.Ending;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How pods ended that are gone by now, by the uid of their Job: the latest thousand. */
final class RememberedEndings {
  private static final int MOST = 1000;
  private static final String JOB_UID = "batch.kubernetes.io/controller-uid";

  private final Map<String, Ending> endings =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ending> eldest) {
          return size() > MOST;
        }
      };

  /** Keeps what the pod's last status said. */
  synchronized void remember(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    var uid = labels == null ? null : labels.get(JOB_UID);
    if (uid != null && pod.getStatus() != null) {
      endings.put(uid, PodReading.ending(pod));
    }
  }

  synchronized Optional<Ending> find(String jobUid) {
    return Optional.ofNullable(endings.get(jobUid));
  }
}
