package dev.floe.platform.runtime;

import java.io.Serial;

/** The runtime cannot be reached now; the call is worth repeating. */
public final class RuntimeUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
