package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Why an attempt or a run ended: a closed list. */
public enum VerdictReason {
  /** The process ended with exit code 0. */
  COMPLETED("Completed", VerdictCategory.SUCCESS),

  /** The process ended with another exit code, or by a signal nobody here sent. */
  EXIT_CODE("ExitCode", VerdictCategory.APPLICATION),
  /** The kernel killed a process that went over its memory limit. */
  OOM_KILLED("OOMKilled", VerdictCategory.APPLICATION),
  /** The attempt ran longer than its {@code timeout}. */
  DEADLINE_EXCEEDED("DeadlineExceeded", VerdictCategory.APPLICATION),
  /** All attempts together took longer than {@code runTimeout}; the run is over. */
  RUN_TIMEOUT("RunTimeout", VerdictCategory.APPLICATION),
  /**
   * A quality check ({@code quality-check} or {@code dbt-test}) ran and says with exit code 65
   * ({@code EX_DATAERR}) that the data violates a rule. With any other exit code it gave no result.
   */
  QUALITY_GATE_FAILED("QualityGateFailed", VerdictCategory.APPLICATION),

  /** The kubelet or an API call evicted the pod. */
  EVICTED("Evicted", VerdictCategory.INFRASTRUCTURE),
  /** The scheduler removed the pod for one of a higher priority. */
  PREEMPTED("Preempted", VerdictCategory.INFRASTRUCTURE),
  /** The node stopped answering, or the machine was restarted. */
  NODE_LOST("NodeLost", VerdictCategory.INFRASTRUCTURE),
  /** The node was shut down in an orderly way. */
  NODE_SHUTDOWN("NodeShutdown", VerdictCategory.INFRASTRUCTURE),
  /** Somebody removed the pod, or killed the process and its supervisor. */
  POD_DELETED("PodDeleted", VerdictCategory.INFRASTRUCTURE),
  /** Somebody removed the Job. */
  JOB_DELETED("JobDeleted", VerdictCategory.INFRASTRUCTURE),
  /**
   * The attempt's namespace is no longer one of its platform's domains, or it does not exist; the
   * run is over, because another attempt would meet the same.
   */
  NAMESPACE_GONE("NamespaceGone", VerdictCategory.INFRASTRUCTURE),
  /**
   * The cluster denies job-launcher access to the attempt's namespace; the run is over, because
   * another attempt would meet the same.
   */
  RIGHTS_LOST("RightsLost", VerdictCategory.INFRASTRUCTURE),
  /** Nothing ran within the launch timeout; the message has the last error, if there was one. */
  LAUNCH_TIMEOUT("LaunchTimeout", VerdictCategory.INFRASTRUCTURE),
  /** The runtime could not be reached for longer than a launch may take. */
  API_UNAVAILABLE("ApiUnavailable", VerdictCategory.INFRASTRUCTURE),

  /** The image does not exist, or may not be pulled. */
  IMAGE_PULL_FAILED("ImagePullFailed", VerdictCategory.CONFIGURATION),
  /** The image's name cannot be parsed. */
  INVALID_IMAGE_NAME("InvalidImageName", VerdictCategory.CONFIGURATION),
  /** The container refers to a Secret, ConfigMap or key that is not there, or would run as root. */
  CREATE_CONTAINER_CONFIG_ERROR("CreateContainerConfigError", VerdictCategory.CONFIGURATION),
  /** The command cannot be started: not found, not executable. */
  START_ERROR("StartError", VerdictCategory.CONFIGURATION),
  /**
   * No node takes the pod, still so at the launch timeout; the message has the scheduler's words.
   */
  UNSCHEDULABLE("Unschedulable", VerdictCategory.CONFIGURATION),
  /** Pod Security or another admission refused the object. */
  ADMISSION_DENIED("AdmissionDenied", VerdictCategory.CONFIGURATION),
  /** A volume cannot be mounted. */
  VOLUME_UNAVAILABLE("VolumeUnavailable", VerdictCategory.CONFIGURATION),
  /** The run requires a kind of component that its platform does not have. */
  REQUIREMENT_MISSING("RequirementMissing", VerdictCategory.CONFIGURATION),
  /**
   * The run waited for a platform or domain that platform-manager does not know: it was destroyed,
   * or the domain left its manifest.
   */
  PLATFORM_UNKNOWN("PlatformUnknown", VerdictCategory.CONFIGURATION),

  /** Somebody cancelled the run. */
  BY_USER("ByUser", VerdictCategory.CANCELLED),
  /** A newer run with the same concurrency key took its place. */
  SUPERSEDED("Superseded", VerdictCategory.CANCELLED);

  private final String value;
  private final VerdictCategory category;

  VerdictReason(String value, VerdictCategory category) {
    this.value = value;
    this.category = category;
  }

  /** The reason as it stands in JSON and Events: UpperCamelCase. */
  @JsonValue
  public String value() {
    return value;
  }

  public VerdictCategory category() {
    return category;
  }

  /**
   * @throws IllegalArgumentException for a reason that is not in the list
   */
  @JsonCreator
  public static VerdictReason of(String value) {
    for (VerdictReason reason : values()) {
      if (reason.value.equals(value)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("'%s' is not a reason of a verdict".formatted(value));
  }
}
