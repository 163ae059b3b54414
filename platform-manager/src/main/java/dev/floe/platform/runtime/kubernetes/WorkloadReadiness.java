package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a workload runs as it was last applied, and if not, why. Pure. */
final class WorkloadReadiness {
  /** Reasons for which a container waits that time alone will hardly change. */
  private static final Set<String> HOPELESS =
      Set.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "ErrImageNeverPull",
          "InvalidImageName",
          "ImageInspectError",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private WorkloadReadiness() {}

  static SeenWorkload absent(String kind, String name) {
    return new SeenWorkload(
        false, false, "NotStarted", new WorkloadStatus(kind, name, 0, 1, 0, "not there"));
  }

  static SeenWorkload of(Deployment deployment, List<Pod> pods) {
    var status = deployment.getStatus();
    int desired = orZero(deployment.getSpec().getReplicas());
    int ready = status == null ? 0 : orZero(status.getAvailableReplicas());
    boolean current =
        status != null
            && orZero(status.getObservedGeneration()) >= deployment.getMetadata().getGeneration()
            && orZero(status.getUpdatedReplicas()) == desired
            && orZero(status.getReplicas()) == desired;
    Optional<String> denied =
        status == null
            ? Optional.empty()
            : status.getConditions().stream()
                .filter(
                    one -> one.getType().equals("ReplicaFailure") && one.getStatus().equals("True"))
                .map(one -> one.getMessage())
                .findFirst();
    return seen(
        "Deployment",
        deployment.getMetadata().getName(),
        current && ready == desired,
        ready,
        desired,
        pods,
        denied.orElse(null));
  }

  static SeenWorkload of(StatefulSet set, List<Pod> pods) {
    var status = set.getStatus();
    int desired = orZero(set.getSpec().getReplicas());
    int ready = status == null ? 0 : orZero(status.getReadyReplicas());
    boolean current =
        status != null
            && orZero(status.getObservedGeneration()) >= set.getMetadata().getGeneration()
            && (desired == 0
                || Objects.equals(status.getCurrentRevision(), status.getUpdateRevision()));
    return seen(
        "StatefulSet",
        set.getMetadata().getName(),
        current && ready == desired,
        ready,
        desired,
        pods,
        null);
  }

  private static SeenWorkload seen(
      String kind,
      String name,
      boolean isReady,
      int ready,
      int desired,
      List<Pod> pods,
      @Nullable String denied) {
    int restarts =
        pods.stream()
            .flatMap(WorkloadReadiness::containers)
            .mapToInt(one -> orZero(one.getRestartCount()))
            .sum();
    if (isReady) {
      return new SeenWorkload(
          true, false, "Ready", new WorkloadStatus(kind, name, ready, desired, restarts, null));
    }
    if (denied != null) {
      return new SeenWorkload(
          false,
          true,
          "FailedCreate",
          new WorkloadStatus(kind, name, ready, desired, restarts, denied));
    }
    for (var pod : pods) {
      var hopeless =
          containers(pod)
              .filter(one -> one.getState() != null && one.getState().getWaiting() != null)
              .filter(one -> HOPELESS.contains(one.getState().getWaiting().getReason()))
              .findFirst();
      if (hopeless.isPresent()) {
        var waiting = hopeless.get().getState().getWaiting();
        return new SeenWorkload(
            false,
            true,
            waiting.getReason(),
            new WorkloadStatus(
                kind,
                name,
                ready,
                desired,
                restarts,
                words(pod, hopeless.get(), waiting.getMessage())));
      }
    }
    for (var pod : pods) {
      var unscheduled =
          pod.getStatus().getConditions().stream()
              .filter(
                  one -> one.getType().equals("PodScheduled") && one.getStatus().equals("False"))
              .findFirst();
      if (unscheduled.isPresent()) {
        return new SeenWorkload(
            false,
            false,
            "Unschedulable",
            new WorkloadStatus(
                kind, name, ready, desired, restarts, unscheduled.get().getMessage()));
      }
    }
    return new SeenWorkload(
        false,
        false,
        "NotReady",
        new WorkloadStatus(
            kind,
            name,
            ready,
            desired,
            restarts,
            "%d of %d replicas are ready with the new configuration".formatted(ready, desired)));
  }

  private static String words(Pod pod, ContainerStatus container, @Nullable String message) {
    var ended =
        container.getLastState() == null || container.getLastState().getTerminated() == null
            ? ""
            : "; it ended with exit code %d (%s)"
                .formatted(
                    container.getLastState().getTerminated().getExitCode(),
                    container.getLastState().getTerminated().getReason());
    return "container %s of pod %s: %s%s"
        .formatted(
            container.getName(),
            pod.getMetadata().getName(),
            message == null ? "cannot start" : message,
            ended);
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream());
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }
}
