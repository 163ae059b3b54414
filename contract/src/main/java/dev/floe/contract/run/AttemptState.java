package dev.floe.contract.run;

/** Where one attempt of a run stands. */
public enum AttemptState {
  /** Decided; its Job may or may not exist yet. */
  LAUNCHING,
  /** Its Job was released; nothing runs yet. */
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** Whether the attempt has ended and has a verdict. */
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
