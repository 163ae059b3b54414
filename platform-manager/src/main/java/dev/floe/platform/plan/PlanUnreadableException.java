package dev.floe.platform.plan;

import org.jspecify.annotations.Nullable;

/** A stored plan that this version of platform-manager cannot read. */
public final class PlanUnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean later;

  private PlanUnreadableException(String message, boolean later, @Nullable Throwable cause) {
    super(message, cause);
    this.later = later;
  }

  /** A plan in a format that came later. */
  static PlanUnreadableException later(int format) {
    return new PlanUnreadableException(
        "the plan was written by a later platform-manager (format %d; this one reads up to %d)"
            .formatted(format, PlanText.FORMAT),
        true,
        null);
  }

  /** A plan that is damaged, or in a format that is not read any more. */
  static PlanUnreadableException damaged(Throwable cause) {
    return new PlanUnreadableException("the stored plan cannot be read", false, cause);
  }

  /** Whether a later platform-manager can read it. */
  public boolean isLater() {
    return later;
  }
}
