package dev.floe.launcher.runtime;

/**
 * What keeps an attempt from starting.
 *
 * @param kind what it is
 * @param reason the runtime's own word, for example {@code ImagePullBackOff}
 * @param message the runtime's own words
 */
public record Obstacle(Kind kind, String reason, String message) {
  /** Kinds of obstacles; what follows from each is decided elsewhere. */
  public enum Kind {
    IMAGE_PULL,
    INVALID_IMAGE_NAME,
    CONTAINER_CONFIG,
    START_ERROR,
    UNSCHEDULABLE,
    ADMISSION_DENIED,
    QUOTA,
    VOLUME,
    /** No room on this machine's disk. */
    DISK_FULL,
    OTHER
  }
}
