package dev.floe.telemetry.wire;

/**
 * A request with more structure than {@link StructureLimits} allow; the message names the limit.
 */
public final class StructureLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StructureLimitException(int limit, String what) {
    // No stack trace: senders cause this, and a flood of bad requests must stay cheap.
    super("more than " + limit + " " + what, null, false, false);
  }
}
