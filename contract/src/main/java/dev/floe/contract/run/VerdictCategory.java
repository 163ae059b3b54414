package dev.floe.contract.run;

/** Who has to act on an ending; each category spends a retry budget of its own. */
public enum VerdictCategory {
  /** It worked. */
  SUCCESS,
  /** The job's own doing. */
  APPLICATION,
  /** The cluster's or machine's doing; never spends the application's budget. */
  INFRASTRUCTURE,
  /** What was asked for cannot run as it is written; fails fast. */
  CONFIGURATION,
  /** Somebody asked for the end. */
  CANCELLED
}
