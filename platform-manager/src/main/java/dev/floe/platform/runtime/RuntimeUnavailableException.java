package dev.floe.platform.runtime;

import java.io.Serial;

/** A call to the runtime did not succeed now and is worth repeating. */
public final class RuntimeUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** How much of the runtime an obstacle affects. */
  public enum Extent {
    /** Nothing answered: every other call fails in the same way. */
    CONNECTION,
    /**
     * The runtime answered that it cannot do this now. Other calls may fail too, or succeed: the
     * cause may be a webhook that only some writes go through.
     */
    ANSWER,
    /** One object is in the way, for example a namespace that is being deleted; the rest works. */
    OBJECT
  }

  private final Extent extent;

  public RuntimeUnavailableException(Extent extent, String message, Throwable cause) {
    super(message, cause);
    this.extent = extent;
  }

  public Extent extent() {
    return extent;
  }
}
