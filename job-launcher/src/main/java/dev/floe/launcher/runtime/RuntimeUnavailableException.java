package dev.floe.launcher.runtime;

/** The runtime could not be reached or did not answer; the call may have had its effect. */
public class RuntimeUnavailableException extends RuntimeException {
  private final boolean answered;

  public RuntimeUnavailableException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /**
   * @param answered whether the runtime answered, and refused this one call
   */
  public RuntimeUnavailableException(String message, Throwable cause, boolean answered) {
    super(message, cause);
    this.answered = answered;
  }

  /** Whether the runtime answered, and refused this one call: others may succeed. */
  public boolean answered() {
    return answered;
  }
}
