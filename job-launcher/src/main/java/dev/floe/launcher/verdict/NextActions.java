package dev.floe.launcher.verdict;

import dev.floe.contract.run.Verdict;
import java.util.List;

/** What a person does about a verdict, most useful first; commands where there are some. Pure. */
public final class NextActions {
  /** Where the run's attempts ran. */
  public enum Where {
    /** As Jobs in a cluster. */
    CLUSTER,
    /** As processes of one machine. */
    MACHINE
  }

  private NextActions() {}

  /**
   * @param verdict that stands
   * @param runId the run concerned
   * @param where its attempts ran; decides which tools can tell more
   */
  public static List<String> of(Verdict verdict, String runId, Where where) {
    return where == Where.MACHINE ? onMachine(verdict, runId) : inCluster(verdict, runId);
  }

  private static List<String> onMachine(Verdict verdict, String runId) {
    var retry = "floe run retry " + runId;
    return switch (verdict.reason()) {
      case EVICTED, PREEMPTED, NODE_LOST, NODE_SHUTDOWN ->
          List.of(retry, "If the machine was not restarted on purpose, look at its system log.");
      case POD_DELETED ->
          List.of(
              retry,
              "Its process was ended on this machine from outside: by a person or program that"
                  + " killed it, or by a logout or shutdown.");
      case JOB_DELETED ->
          List.of(retry, "Its folder under attempts/ of FLOE_HOME was removed; keep that folder.");
      case LAUNCH_TIMEOUT, API_UNAVAILABLE ->
          List.of(
              "Do what the message says, then: " + retry,
              "floe doctor",
              "floe local logs job-launcher");
      case IMAGE_PULL_FAILED, INVALID_IMAGE_NAME ->
          List.of(
              "Look which images this machine has: floe local image list",
              "Correct the image's name and submit the run again, or add the image, then: "
                  + retry);
      case CREATE_CONTAINER_CONFIG_ERROR ->
          List.of(
              "Create the Secret or key that the message names, or remove it from secretRefs.",
              retry);
      default -> inCluster(verdict, runId);
    };
  }

  private static List<String> inCluster(Verdict verdict, String runId) {
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
      case NAMESPACE_GONE ->
          List.of(
              "Declare the domain in the platform's manifest and deploy it: floe platform deploy"
                  + " -f MANIFEST",
              "Then: " + retry);
      case RIGHTS_LOST ->
          List.of(
              "See whether platform-manager keeps the platform: floe platform status; it binds the"
                  + " ClusterRole floe-job-launcher-domain to job-launcher in the namespace that"
                  + " the message names.",
              "Then: " + retry);
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
      case REQUIREMENT_MISSING ->
          List.of(
              "Add such a component to the platform's manifest and deploy it, then: " + retry,
              "Or take the kind out of requires and submit the run again.");
      case PLATFORM_UNKNOWN ->
          List.of(
              "Deploy the platform, with the run's domain in its manifest, then: " + retry,
              "floe platform list");
      case BY_USER, SUPERSEDED -> List.of(retry);
    };
  }
}
