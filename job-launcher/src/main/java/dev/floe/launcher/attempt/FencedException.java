package dev.floe.launcher.attempt;

/** The attempt has ended or is in other hands; whoever meets this lets go of it. */
final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FencedException(AttemptKey key) {
    super("attempt %d of run %s is in other hands".formatted(key.number(), key.runId()));
  }
}
