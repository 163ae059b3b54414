package dev.floe.platform.runtime.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Picks the pods that were made from what was applied last. Pods of earlier revisions stay for as
 * long as the new ones are not available, whatever their own state, so they say nothing about the
 * new revision. Pure.
 */
final class CurrentRevision {
  /** Written by the Deployment controller; the ReplicaSet in use has the highest. */
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private static final String TEMPLATE_HASH = "pod-template-hash";
  private static final String REVISION_HASH = "controller-revision-hash";

  private CurrentRevision() {}

  /** The ReplicaSet of a Deployment's present template; empty before the controller made it. */
  static Optional<ReplicaSet> replicaSet(Deployment deployment, List<ReplicaSet> sets) {
    return sets.stream()
        .filter(set -> isOwned(set, deployment))
        .max(Comparator.comparingLong(CurrentRevision::revision));
  }

  /** Pods of a ReplicaSet that are not going away. */
  static List<Pod> pods(ReplicaSet set, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> isOwned(pod, set) && isStaying(pod))
        .filter(pod -> label(pod, TEMPLATE_HASH).equals(label(set, TEMPLATE_HASH)))
        .toList();
  }

  /** Pods of a StatefulSet's newest revision that are not going away. */
  static List<Pod> pods(StatefulSet set, List<Pod> pods) {
    var revision = Optional.ofNullable(set.getStatus()).map(status -> status.getUpdateRevision());
    return pods.stream()
        .filter(pod -> isOwned(pod, set) && isStaying(pod))
        .filter(pod -> label(pod, REVISION_HASH).equals(revision))
        .toList();
  }

  private static boolean isStaying(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null;
  }

  private static boolean isOwned(HasMetadata object, HasMetadata owner) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }

  private static Optional<String> label(HasMetadata object, String name) {
    return Optional.ofNullable(object.getMetadata().getLabels()).map(labels -> labels.get(name));
  }

  private static long revision(ReplicaSet set) {
    var annotations = set.getMetadata().getAnnotations();
    var text = annotations == null ? null : annotations.get(REVISION);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
