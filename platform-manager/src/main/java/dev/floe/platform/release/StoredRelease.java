package dev.floe.platform.release;

import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A release as it is stored.
 *
 * @param manifest as sent, without secrets, as JSON
 * @param plan as JSON
 * @param waits until those before it have ended, instead of taking their place
 */
public record StoredRelease(
    String platform,
    int number,
    ReleaseAction action,
    ReleaseState state,
    @Nullable String version,
    @Nullable String message,
    int componentsReady,
    int components,
    String manifest,
    String plan,
    Instant createdAt,
    @Nullable Instant finishedAt,
    boolean waits) {

  /** What the API shows. */
  public Release shown() {
    return new Release(
        platform,
        number,
        state,
        version,
        message,
        componentsReady,
        components,
        createdAt,
        finishedAt);
  }
}
