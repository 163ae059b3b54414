package dev.floe.launcher.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, as the runtime recorded it; a verdict is made of it elsewhere.
 *
 * @param cause what ended it
 * @param exitCode 128 + n for a signal n; absent where no process ended
 * @param signal number of the signal that ended the process, where the runtime knows it; a shell
 *     and most container runtimes report it as an exit code only
 * @param reason the runtime's own word, for example {@code OOMKilled}
 * @param message the runtime's own words
 */
public record Ending(
    Cause cause,
    @Nullable Integer exitCode,
    @Nullable Integer signal,
    @Nullable String reason,
    @Nullable String message,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  /** An ending of which no signal is known. */
  public Ending(
      Cause cause,
      @Nullable Integer exitCode,
      @Nullable String reason,
      @Nullable String message,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt) {
    this(cause, exitCode, null, reason, message, startedAt, finishedAt);
  }

  /** What ended an attempt. */
  public enum Cause {
    EXITED,
    OOM_KILLED,
    DEADLINE,
    STOPPED,
    START_ERROR,
    EVICTED,
    PREEMPTED,
    NODE_LOST,
    NODE_SHUTDOWN,
    POD_DELETED,
    JOB_DELETED
  }
}
