package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Obstacle;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a pod's status says about its attempt. Pure. */
final class PodReading {
  /** Annotation of a pod that this launcher asked to end; without it its deadline ended it. */
  static final String STOPPED = "floe.dev/stopped";

  private static final Set<String> NO_IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "RegistryUnavailable",
          "SignatureValidationFailed",
          "ImageInspectError");
  private static final Map<String, Cause> DISRUPTIONS =
      Map.of(
          "PreemptionByScheduler", Cause.PREEMPTED,
          "DeletionByTaintManager", Cause.NODE_LOST,
          "DeletionByPodGC", Cause.NODE_LOST,
          "EvictionByEvictionAPI", Cause.EVICTED,
          "TerminationByKubelet", Cause.EVICTED);
  private static final Map<String, Cause> POD_REASONS =
      Map.of(
          "DeadlineExceeded", Cause.DEADLINE,
          "Evicted", Cause.EVICTED,
          "Preempting", Cause.PREEMPTED,
          "NodeLost", Cause.NODE_LOST,
          "NodeShutdown", Cause.NODE_SHUTDOWN,
          "Shutdown", Cause.NODE_SHUTDOWN,
          "Terminated", Cause.NODE_SHUTDOWN,
          "UnexpectedAdmissionError", Cause.EVICTED);

  /** How processes end whose pod is deleted: by SIGTERM, or by SIGKILL after the grace. */
  static final Set<Integer> BY_DELETION = Set.of(143, 137);

  private static final Set<String> NOT_STARTED =
      Set.of("StartError", "ContainerCannotRun", "RunContainerError");

  private PodReading() {}

  /** Whether nothing of the pod runs any more. */
  static boolean isOver(Pod pod) {
    var phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Since when its container runs. */
  static Optional<Instant> runningSince(Pod pod) {
    return state(pod)
        .map(ContainerState::getRunning)
        .map(running -> instant(running.getStartedAt()))
        .or(() -> phase(pod).equals("Running") ? started(pod) : Optional.empty());
  }

  /** What keeps it from starting, as far as it says so. */
  static @Nullable Obstacle obstacle(Pod pod) {
    var waiting = state(pod).map(ContainerState::getWaiting);
    if (waiting.isPresent() && waiting.get().getReason() != null) {
      var reason = waiting.get().getReason();
      var message = text(waiting.get().getMessage(), reason);
      if (NO_IMAGE.contains(reason)) {
        return new Obstacle(Obstacle.Kind.IMAGE_PULL, reason, message);
      }
      var kind =
          switch (reason) {
            case "InvalidImageName" -> Obstacle.Kind.INVALID_IMAGE_NAME;
            case "CreateContainerConfigError" -> Obstacle.Kind.CONTAINER_CONFIG;
            case "CreateContainerError", "RunContainerError" -> Obstacle.Kind.START_ERROR;
            default -> null;
          };
      return kind == null ? null : new Obstacle(kind, reason, message);
    }
    return condition(pod, "PodScheduled")
        .filter(c -> "False".equals(c.getStatus()) && "Unschedulable".equals(c.getReason()))
        .map(c ->
            new Obstacle(
                Obstacle.Kind.UNSCHEDULABLE, "Unschedulable", text(c.getMessage(), "no node")))
        .orElse(null);
  }

  /** How it ended; of a pod that is not over: how it stood when it was last seen. */
  static Ending ending(Pod pod) {
    var terminated = state(pod).map(ContainerState::getTerminated);
    var cause = cause(pod, terminated);
    return new Ending(
        cause,
        terminated.map(ContainerStateTerminated::getExitCode).orElse(null),
        terminated
            .map(ContainerStateTerminated::getReason)
            .filter(reason -> cause == Cause.EXITED || cause == Cause.START_ERROR)
            .orElseGet(() -> pod.getStatus().getReason()),
        message(pod, terminated, cause),
        terminated.map(t -> instant(t.getStartedAt())).or(() -> started(pod)).orElse(null),
        terminated.map(t -> instant(t.getFinishedAt())).orElse(null));
  }

  /**
   * How it ended where its Job is gone. With the Job its pods are deleted: a process that was told
   * to end because of that, and then did so with exit code 0, has not done its work.
   */
  static Ending endingWithoutJob(Pod pod) {
    var ending = ending(pod);
    var asked = deletionAsked(pod);
    var finished = ending.finishedAt();
    var cutShort =
        ending.cause() == Cause.EXITED
            && asked.isPresent()
            && finished != null
            && finished.isAfter(asked.get());
    return cutShort
        ? new Ending(
            Cause.POD_DELETED,
            ending.exitCode(),
            ending.reason(),
            ending.message(),
            ending.startedAt(),
            finished)
        : ending;
  }

  private static Cause cause(Pod pod, Optional<ContainerStateTerminated> terminated) {
    if (phase(pod).equals("Succeeded")) {
      return Cause.EXITED;
    }
    var reason = text(pod.getStatus().getReason(), "");
    if (reason.equals("DeadlineExceeded") && isStopped(pod)) {
      return Cause.STOPPED;
    }
    var disruption = condition(pod, "DisruptionTarget").filter(c -> "True".equals(c.getStatus()));
    var known = POD_REASONS.get(reason);
    if (disruption.isPresent() && known != Cause.NODE_SHUTDOWN && known != Cause.PREEMPTED) {
      return isShutdown(disruption.get())
          ? Cause.NODE_SHUTDOWN
          : DISRUPTIONS.getOrDefault(disruption.get().getReason(), Cause.EVICTED);
    }
    if (known != null) {
      return known;
    }
    if (reason.startsWith("OutOf") || reason.equals("NodeAffinity")) {
      return Cause.EVICTED;
    }
    if (terminated.isEmpty()) {
      return pod.getMetadata().getDeletionTimestamp() == null && phase(pod).equals("Failed")
          ? Cause.NODE_LOST
          : Cause.POD_DELETED;
    }
    return cause(pod, terminated.get());
  }

  private static Cause cause(Pod pod, ContainerStateTerminated terminated) {
    var reason = text(terminated.getReason(), "");
    if (reason.equals("OOMKilled")) {
      return Cause.OOM_KILLED;
    }
    if (NOT_STARTED.contains(reason)) {
      return Cause.START_ERROR;
    }
    if (endedByDeletion(pod, terminated)) {
      return Cause.POD_DELETED;
    }
    return reason.equals("ContainerStatusUnknown") ? Cause.NODE_LOST : Cause.EXITED;
  }

  /** A process that ended before the pod was told to go ended by itself. */
  private static boolean endedByDeletion(Pod pod, ContainerStateTerminated terminated) {
    if (pod.getMetadata().getDeletionTimestamp() == null) {
      return false;
    }
    var asked = deletionAsked(pod);
    if (asked.isEmpty()) {
      return BY_DELETION.contains(terminated.getExitCode());
    }
    var finished = instant(terminated.getFinishedAt());
    return finished == null || !finished.isBefore(asked.get());
  }

  /**
   * When somebody asked for the pod's deletion, in whole seconds. The kubelet takes an ended pod
   * away with a grace of 0, which overwrites that time.
   */
  private static Optional<Instant> deletionAsked(Pod pod) {
    var grace = pod.getMetadata().getDeletionGracePeriodSeconds();
    return grace == null || grace == 0
        ? Optional.empty()
        : Optional.ofNullable(instant(pod.getMetadata().getDeletionTimestamp()))
            .map(gone -> gone.minusSeconds(grace));
  }

  private static @Nullable String message(
      Pod pod, Optional<ContainerStateTerminated> terminated, Cause cause) {
    return switch (cause) {
      case EXITED, OOM_KILLED, START_ERROR ->
          terminated.map(ContainerStateTerminated::getMessage).orElse(null);
      case DEADLINE, STOPPED -> null;
      default ->
          condition(pod, "DisruptionTarget")
              .map(PodCondition::getMessage)
              .orElseGet(() -> pod.getStatus().getMessage());
    };
  }

  private static boolean isShutdown(PodCondition disruption) {
    return text(disruption.getMessage(), "").contains("node shutdown");
  }

  private static boolean isStopped(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(STOPPED);
  }

  private static Optional<ContainerState> state(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> JobTemplate.CONTAINER.equals(status.getName()))
        .findFirst()
        .map(ContainerStatus::getState);
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst();
  }

  private static Optional<Instant> started(Pod pod) {
    return Optional.ofNullable(instant(pod.getStatus().getStartTime()));
  }

  private static String phase(Pod pod) {
    return text(pod.getStatus().getPhase(), "");
  }

  private static String text(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text;
  }

  private static @Nullable Instant instant(@Nullable String time) {
    return time == null || time.isBlank() ? null : Instant.parse(time);
  }
}
