package dev.floe.launcher.runtime;

/**
 * Names one attempt.
 *
 * @param namespace of its domain
 * @param runId the run
 * @param number of the attempt, from 1
 */
public record AttemptRef(String namespace, String runId, int number) {
  /** Name of the Job, or of the folder: {@code <run id>-<number>}. */
  public String name() {
    return runId + "-" + number;
  }
}
