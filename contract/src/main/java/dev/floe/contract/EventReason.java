package dev.floe.contract;

/**
 * Reasons of the Kubernetes Events that floe emits (events.k8s.io/v1); the wire value is the
 * constant's {@link #value()}.
 */
public enum EventReason {
  /** A new release of a platform began. */
  RELEASE_STARTED("ReleaseStarted", false),
  /** A component answers its health probe. */
  COMPONENT_READY("ComponentReady", false),
  /** A component that was ready is not any more. */
  COMPONENT_DEGRADED("ComponentDegraded", true),
  /** Every component of a release is ready. */
  RELEASE_DEPLOYED("ReleaseDeployed", false),
  /** A release ended without being deployed. */
  RELEASE_FAILED("ReleaseFailed", true),
  /** A release equal to an earlier one was deployed. */
  ROLLED_BACK("RolledBack", true),
  /** A live object differs from its release. */
  DRIFT_DETECTED("DriftDetected", true),
  /** A drifted object was put right. */
  DRIFT_HEALED("DriftHealed", false),
  /** A run was accepted and waits. */
  RUN_QUEUED("RunQueued", false),
  /** An attempt's Job was released. */
  ATTEMPT_STARTED("AttemptStarted", false),
  /** An attempt ended otherwise than by success. */
  ATTEMPT_FAILED("AttemptFailed", true),
  /** Another attempt follows after a delay. */
  RUN_RETRYING("RunRetrying", true),
  /** The run succeeded. */
  RUN_SUCCEEDED("RunSucceeded", false),
  /** The run failed for good. */
  RUN_FAILED("RunFailed", true),
  /** The run was cancelled. */
  RUN_CANCELLED("RunCancelled", false);

  private final String value;
  private final boolean warning;

  EventReason(String value, boolean warning) {
    this.value = value;
    this.warning = warning;
  }

  /** The reason as it stands in the Event: UpperCamelCase. */
  public String value() {
    return value;
  }

  /** Whether the Event's type is {@code Warning} rather than {@code Normal}. */
  public boolean warning() {
    return warning;
  }
}
