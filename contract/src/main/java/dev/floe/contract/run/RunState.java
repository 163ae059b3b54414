package dev.floe.contract.run;

/** Where a run stands. */
public enum RunState {
  /** Accepted; waits for the reason in {@code waitingFor}. */
  QUEUED,
  /** Claimed; its next attempt is being created. */
  LAUNCHING,
  /** An attempt exists and is on its way or running. */
  RUNNING,
  /** An attempt ended and another follows after a delay. */
  RETRYING,
  /** Asked to stop; its attempt is being ended. */
  CANCELLING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** Whether nothing will change any more. */
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
