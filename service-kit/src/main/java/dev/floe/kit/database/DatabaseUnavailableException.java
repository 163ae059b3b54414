package dev.floe.kit.database;

/**
 * The database could not be reached, or ended a statement or transaction that took too long.
 * Whether the transaction was committed is not known; trying again is right. Has no stack trace: it
 * is an expected condition.
 */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean diskFull;

  public DatabaseUnavailableException(String message) {
    this(message, false);
  }

  /**
   * @param diskFull whether it is because the database has no disk space left
   */
  public DatabaseUnavailableException(String message, boolean diskFull) {
    super(message, null, false, false);
    this.diskFull = diskFull;
  }

  /** Whether the database has no disk space left. */
  public boolean diskFull() {
    return diskFull;
  }
}
