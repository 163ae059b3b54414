package dev.floe.launcher.verdict;

import dev.floe.contract.run.Verdict;
import java.util.List;

/** What a person does about a verdict, most useful first; commands where there are some. Pure. */
public final class NextActions {
  private NextActions() {}

  /**
   * @param verdict that stands
   * @param runId the run concerned
   */
  public static List<String> of(Verdict verdict, String runId) {
    var logs = "floe run logs " + runId;
    var retry = "floe run retry " + runId;
    return switch (verdict.reason()) {
      case COMPLETED -> List.of();
      case EXIT_CODE -> List.of(logs, "Correct what the log names, then: " + retry);
      case QUALITY_GATE_FAILED ->
          List.of(
              logs,
              "Correct the data, or the check if it is wrong, then: " + retry,
              "Nothing downstream was told that the data are good.");
      case OOM_KILLED ->
          List.of(
              "Give it more memory (resources.memory), or a retry rule RETRY_WITH_MEMORY for"
                  + " OOMKilled, and submit it again.",
              logs);
      case DEADLINE_EXCEEDED ->
          List.of("Look at what it was doing: " + logs, "Raise timeout if it needs the time.");
      case RUN_TIMEOUT ->
          List.of("Look at what held it: floe run events " + runId, "Raise runTimeout if needed.");
      case EVICTED, PREEMPTED, NODE_LOST, NODE_SHUTDOWN ->
          List.of(retry, "If it repeats, look at the nodes: kubectl describe nodes");
      case POD_DELETED, JOB_DELETED ->
          List.of(retry, "Find out who removed it: the API server's audit log says so.");
      case LAUNCH_TIMEOUT ->
          List.of(
              retry, "Look at the namespace's Events: kubectl get events --sort-by=.lastTimestamp");
      case API_UNAVAILABLE -> List.of("Look whether the cluster answers: floe doctor", retry);
      case IMAGE_PULL_FAILED ->
          List.of(
              "Correct the image's name, or give the cluster access to it (image pull secrets);"
                  + " on one machine: floe local image list",
              "Then submit it again, or: " + retry);
      case INVALID_IMAGE_NAME -> List.of("Correct the image's name and submit it again.");
      case CREATE_CONTAINER_CONFIG_ERROR ->
          List.of(
              "Make the Secret or key that the message names, or take it out of secretRefs; an"
                  + " image that runs as root needs another user.",
              retry);
      case START_ERROR ->
          List.of(
              "Do what the message says; a command must be in the image and executable.", retry);
      case UNSCHEDULABLE ->
          List.of(
              "Ask for less (resources), or give the cluster a node that takes it: the message has"
                  + " the scheduler's words.",
              retry);
      case ADMISSION_DENIED ->
          List.of("Change what the message names; the cluster's policy refuses it as it is.");
      case VOLUME_UNAVAILABLE -> List.of("Look at the volume that the message names.", retry);
      case BY_USER, SUPERSEDED -> List.of(retry);
    };
  }
}
