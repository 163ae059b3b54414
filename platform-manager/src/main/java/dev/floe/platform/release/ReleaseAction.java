package dev.floe.platform.release;

/** What a release does. */
public enum ReleaseAction {
  /** Makes what runs be as its plan. */
  DEPLOY,
  /** Takes away what its plan made; data stay. */
  REMOVE
}
