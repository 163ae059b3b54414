package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names.Services;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
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

  private static final String FAILED_CREATE = "FailedCreate";

  /** Reasons of the Events that tell how an attempt to create a pod ended. */
  private static final Set<String> ATTEMPTS = Set.of(FAILED_CREATE, "SuccessfulCreate");

  private WorkloadReadiness() {}

  static SeenWorkload absent(String kind, String name) {
    return new SeenWorkload(
        false, false, "NotStarted", new WorkloadStatus(kind, name, 0, 1, 0, "not there"));
  }

  /** Whether a Deployment runs as it was last applied, with all its replicas available. */
  static boolean isReady(Deployment deployment) {
    var status = deployment.getStatus();
    int desired = orZero(deployment.getSpec().getReplicas());
    return status != null
        && isObserved(deployment)
        && orZero(status.getUpdatedReplicas()) == desired
        && orZero(status.getReplicas()) == desired
        && orZero(status.getAvailableReplicas()) == desired;
  }

  /**
   * A Deployment's state.
   *
   * @param sets its ReplicaSets; may be empty when {@link #isReady}
   * @param pods of its selector, also those of earlier revisions
   */
  static SeenWorkload of(Deployment deployment, List<ReplicaSet> sets, List<Pod> pods) {
    var status = deployment.getStatus();
    int desired = orZero(deployment.getSpec().getReplicas());
    int ready = status == null ? 0 : orZero(status.getAvailableReplicas());
    var name = deployment.getMetadata().getName();
    if (isReady(deployment)) {
      return seen("Deployment", name, true, ready, desired, staying(pods), null);
    }
    // The controller has not acted on what was applied: nothing that is there says anything about
    // it.
    var set =
        isObserved(deployment)
            ? CurrentRevision.replicaSet(deployment, sets)
            : Optional.<ReplicaSet>empty();
    var current = set.map(one -> CurrentRevision.pods(one, pods)).orElse(List.of());
    return seen(
        "Deployment",
        name,
        false,
        ready,
        desired,
        current,
        set.map(WorkloadReadiness::denied).orElse(null));
  }

  private static boolean isObserved(Deployment deployment) {
    return orZero(
            deployment.getStatus() == null ? null : deployment.getStatus().getObservedGeneration())
        >= orZero(deployment.getMetadata().getGeneration());
  }

  /** Why the API server refuses to create pods of a ReplicaSet, if it does. */
  private static @Nullable String denied(ReplicaSet set) {
    return set.getStatus() == null
        ? null
        : set.getStatus().getConditions().stream()
            .filter(one -> one.getType().equals("ReplicaFailure") && one.getStatus().equals("True"))
            .map(one -> one.getMessage())
            .findFirst()
            .orElse(null);
  }

  /** Whether a StatefulSet has fewer pods than it should, so that its Events are worth reading. */
  static boolean lacksPods(StatefulSet set) {
    return orZero(set.getStatus() == null ? null : set.getStatus().getReplicas())
        < orZero(set.getSpec().getReplicas());
  }

  /**
   * Why the API server refuses to create pods of a StatefulSet or a Job, if it does: neither has a
   * condition for that, only Events. The last attempt counts, and only one that was made after the
   * object was last applied.
   *
   * @param events that regard the object
   */
  private static @Nullable String denied(HasMetadata owner, List<Event> events) {
    var applied =
        owner.getMetadata().getManagedFields().stream()
            .filter(entry -> Services.PLATFORM_MANAGER.equals(entry.getManager()))
            .map(ManagedFieldsEntry::getTime)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse("");
    return events.stream()
        .filter(event -> owner.getMetadata().getUid().equals(event.getInvolvedObject().getUid()))
        .filter(event -> ATTEMPTS.contains(event.getReason()))
        .filter(event -> time(event).compareTo(applied) >= 0)
        .max(Comparator.comparing(WorkloadReadiness::time))
        .filter(event -> event.getReason().equals(FAILED_CREATE))
        .map(Event::getMessage)
        .orElse(null);
  }

  /** When an Event was last seen, in ISO 8601 in UTC. */
  private static String time(Event event) {
    return Objects.requireNonNullElse(event.getLastTimestamp(), "");
  }

  /**
   * A StatefulSet's state.
   *
   * @param pods of its selector, also those of earlier revisions
   * @param events that regard it; may be empty unless it {@linkplain #lacksPods lacks pods}
   */
  static SeenWorkload of(StatefulSet set, List<Pod> pods, List<Event> events) {
    var status = set.getStatus();
    int desired = orZero(set.getSpec().getReplicas());
    int ready = status == null ? 0 : orZero(status.getReadyReplicas());
    boolean observed =
        status != null
            && orZero(status.getObservedGeneration()) >= orZero(set.getMetadata().getGeneration());
    boolean current =
        observed
            && (desired == 0
                || Objects.equals(status.getCurrentRevision(), status.getUpdateRevision()));
    boolean isReady = current && ready == desired;
    return seen(
        "StatefulSet",
        set.getMetadata().getName(),
        isReady,
        ready,
        desired,
        isReady ? staying(pods) : observed ? CurrentRevision.pods(set, pods) : List.of(),
        observed && lacksPods(set) ? denied(set, events) : null);
  }

  /**
   * A Job's state while it has not ended: what keeps its pods from running. A container that ended
   * and is started again is what a Job is made for, up to its limit.
   *
   * @param pods of the Job
   * @param events that regard it; may be empty unless it has no pods
   */
  static SeenWorkload of(Job job, List<Pod> pods, List<Event> events) {
    var name = job.getMetadata().getName();
    var running =
        seen("Job", name, false, 0, 1, staying(pods), pods.isEmpty() ? denied(job, events) : null);
    var status = running.workload();
    if (running.reason().equals("NotReady") || running.reason().equals("CrashLoopBackOff")) {
      int failed = job.getStatus() == null ? 0 : orZero(job.getStatus().getFailed());
      return new SeenWorkload(
          false,
          true,
          false,
          "Running",
          new WorkloadStatus(
              "Job",
              name,
              0,
              1,
              status.restarts(),
              failed == 0
                  ? "it has not completed"
                  : "it has not completed; %d of its pods failed".formatted(failed)));
    }
    return new SeenWorkload(false, true, running.failing(), running.reason(), status);
  }

  private static List<Pod> staying(List<Pod> pods) {
    return pods.stream().filter(pod -> pod.getMetadata().getDeletionTimestamp() == null).toList();
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
          FAILED_CREATE,
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
          pod.getStatus() == null
              ? Optional.<PodCondition>empty()
              : pod.getStatus().getConditions().stream()
                  .filter(one ->
                      one.getType().equals("PodScheduled") && one.getStatus().equals("False"))
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
