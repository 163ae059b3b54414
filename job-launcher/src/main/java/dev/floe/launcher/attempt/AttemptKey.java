package dev.floe.launcher.attempt;

/**
 * An attempt in the hands of one owner.
 *
 * @param epoch grows with every change of hands; whoever holds an older one may not write
 */
public record AttemptKey(String runId, int number, long epoch) {
  AttemptId id() {
    return new AttemptId(runId, number);
  }
}
