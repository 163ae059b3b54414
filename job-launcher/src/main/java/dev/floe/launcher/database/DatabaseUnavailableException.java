package dev.floe.launcher.database;

/**
 * The database could not be reached, or ended a statement or transaction that took too long.
 * Whether the transaction was committed is not known; trying again is right. Has no stack trace: it
 * is an expected condition.
 */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(String message) {
    super(message, null, false, false);
  }
}
