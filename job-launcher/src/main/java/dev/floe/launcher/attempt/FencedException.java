package dev.floe.launcher.attempt;

/** The attempt has ended or belongs to another replica; whoever meets this releases it. */
final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FencedException(AttemptKey key) {
    super("attempt %d of run %s belongs to another replica".formatted(key.number(), key.runId()));
  }
}
