package dev.floe.telemetry.wire;

/** Work on a request that was given up because it took longer than it may. */
public final class OverdueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace: this is expected of a machine that is too busy. */
  public OverdueException() {
    super("the work on the request took too long", null, false, false);
  }
}
