package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.ExportResponse;

/** What becomes of a request. */
public sealed interface Acceptance {
  /**
   * It was taken, all of it or the most.
   *
   * @param response what the sender is told
   */
  record Accepted(ExportResponse response) implements Acceptance {}

  /** It was not taken. */
  record Refused(Refusal refusal) implements Acceptance {
    /**
     * @return why, in words
     */
    public String message() {
      return refusal.message();
    }
  }
}
