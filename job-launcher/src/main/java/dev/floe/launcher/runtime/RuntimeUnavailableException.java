package dev.floe.launcher.runtime;

/** The runtime could not be reached or did not answer; the call may have had its effect. */
public class RuntimeUnavailableException extends RuntimeException {
  public RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
