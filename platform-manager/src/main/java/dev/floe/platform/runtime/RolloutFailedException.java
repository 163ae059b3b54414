package dev.floe.platform.runtime;

import java.io.Serial;

/** A release cannot be deployed; the message says why and what to do, and holds no secret. */
public final class RolloutFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public RolloutFailedException(String message) {
    super(message);
  }

  public RolloutFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
