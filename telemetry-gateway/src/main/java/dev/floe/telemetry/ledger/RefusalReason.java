package dev.floe.telemetry.ledger;

import java.util.Locale;

/** Why a request, or a part of it, was never accepted. */
public enum RefusalReason {
  /** No token, or one that is not known. */
  UNAUTHENTICATED,
  /** Not OTLP, or not the encoding it said it was. */
  MALFORMED,
  /** More bytes or more structure than allowed, in the request or in one item. */
  TOO_LARGE,
  /** A path, method, media type or encoding that is not served. */
  UNSUPPORTED,
  /** A required destination's queue, or the memory for requests under way, was full. */
  FULL,
  /** It did not arrive in time, or could not be worked on in time. */
  TIMED_OUT,
  /** The gateway was being stopped. */
  STOPPING,
  /** The gateway failed. */
  INTERNAL;

  /**
   * @return the name as it stands in status and metrics
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
