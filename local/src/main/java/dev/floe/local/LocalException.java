package dev.floe.local;

/** Something on this machine is not as needed; says what, and what the reader can do about it. */
public class LocalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * @param message what is wrong
   * @param action what to do about it, as an instruction
   */
  public LocalException(String message, String action) {
    super(message);
    this.action = action;
  }

  /**
   * @param message what is wrong
   * @param action what to do about it, as an instruction
   * @param cause what was met
   */
  public LocalException(String message, String action, Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  /** What to do about it. */
  public String action() {
    return action;
  }
}
