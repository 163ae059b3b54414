package dev.floe.telemetry.wire;

/** Bytes that are not what OTLP says they should be; the message names what and where. */
public final class MalformedTelemetryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong
   * @param offset where in the bytes, counted from their start
   */
  MalformedTelemetryException(String message, int offset) {
    // No stack trace: senders cause this, and a flood of bad requests must stay cheap.
    super(message + " at byte " + offset, null, false, false);
  }
}
