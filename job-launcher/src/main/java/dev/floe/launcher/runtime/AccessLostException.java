package dev.floe.launcher.runtime;

/**
 * The runtime answers, but denies this launcher the attempt's namespace. It may grant access again:
 * repeat the call for as long as that is worth waiting for.
 */
public final class AccessLostException extends RuntimeUnavailableException {
  private static final long serialVersionUID = 1L;

  private final boolean namespaceMissing;

  private AccessLostException(String message, Throwable cause, boolean namespaceMissing) {
    super(message, cause, true);
    this.namespaceMissing = namespaceMissing;
  }

  /** The runtime says that this launcher may not do what it has to do. */
  public static AccessLostException denied(String message, Throwable cause) {
    return new AccessLostException(message, cause, false);
  }

  /** The runtime says that the namespace does not exist. */
  public static AccessLostException missing(String message, Throwable cause) {
    return new AccessLostException(message, cause, true);
  }

  /** Whether the runtime said that the namespace does not exist. */
  public boolean namespaceMissing() {
    return namespaceMissing;
  }
}
