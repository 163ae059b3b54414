package dev.floe.telemetry.ledger;

import java.util.Locale;

/** Why items that were accepted are not delivered. */
public enum DropReason {
  /** The queue of a destination that is not required was full. */
  QUEUE_FULL,
  /** The destination did not take them for as long as it was tried. */
  GAVE_UP,
  /** They still waited when the time to drain was over. */
  SHUTDOWN,
  /** The gateway itself failed while it delivered them. */
  INTERNAL,
  /** No destination wants the signal. */
  NO_DESTINATION;

  /**
   * @return the name as it stands in status and metrics
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
