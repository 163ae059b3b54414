package dev.floe.launcher.attempt;

/** The attempt has changed since it was read for this decision: read it again. */
final class StaleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleException(AttemptKey key) {
    super("attempt %d of run %s has changed".formatted(key.number(), key.runId()));
  }
}
