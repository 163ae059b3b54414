package dev.floe.platform.runtime;

import dev.floe.yaml.SecretWords;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Job of a component that has ended.
 *
 * @param job its name
 * @param uid that the API server gave it
 * @param succeeded whether it completed
 * @param startedAt null where it never started
 * @param finishedAt null where the API server does not say
 * @param log the last lines of its pods, at most {@link #LOG_BYTES} of each container
 */
public record JobRun(
    String job,
    String uid,
    boolean succeeded,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    String log) {
  /** Most bytes that are kept of the log of a container. */
  public static final int LOG_BYTES = 64 << 10;

  /** Most lines that are kept of the log of a container. */
  public static final int LOG_LINES = 500;

  /** Logs may quote secrets, and NUL is no text for a database. */
  public JobRun {
    log = SecretWords.redacted(log.replace("\0", ""));
  }
}
