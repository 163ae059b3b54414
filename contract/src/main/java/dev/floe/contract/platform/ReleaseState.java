package dev.floe.contract.platform;

/** Where a release stands. */
public enum ReleaseState {
  PENDING,
  APPLYING,
  VERIFYING,
  DEPLOYED,
  FAILED,
  ROLLED_BACK,
  ABORTED,
  /** Was deployed; a later release is now. */
  SUPERSEDED;

  /** Whether the rollout has ended. */
  public boolean terminal() {
    return this != PENDING && this != APPLYING && this != VERIFYING;
  }
}
