package dev.floe.local.process;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * How a process ended.
 *
 * @param reason what ended it
 * @param exitCode its exit code, where it had one
 * @param signal the number of the signal that killed it, where one did
 * @param message the same for people
 * @param startedAt when its supervisor began
 * @param finishedAt when the last of its processes was gone
 */
public record Ending(
    Reason reason,
    OptionalInt exitCode,
    OptionalInt signal,
    String message,
    Instant startedAt,
    Instant finishedAt) {

  /** What ended a process. */
  public enum Reason {
    /** It ended by itself or by a signal from elsewhere. */
    EXITED("Exited"),
    /** It was still running at its timeout. */
    DEADLINE_EXCEEDED("DeadlineExceeded"),
    /** It took more memory than it may. */
    OOM_KILLED("OOMKilled"),
    /** It was stopped on request. */
    STOPPED("Stopped"),
    /** It could not be started. */
    START_ERROR("StartError"),
    /** The machine was restarted while it ran. */
    REBOOTED("Rebooted"),
    /** Its supervisor was killed. */
    LOST("Lost");

    private final String written;

    Reason(String written) {
      this.written = written;
    }

    /** The reason as it is written in files. */
    public String written() {
      return written;
    }

    static Reason of(String text) {
      for (var reason : values()) {
        if (reason.written.equals(text)) {
          return reason;
        }
      }
      return LOST;
    }
  }

  /** The exit code as a shell reports it: 128 + n after signal n. */
  public OptionalInt shellExitCode() {
    return signal.isPresent() ? OptionalInt.of(128 + signal.getAsInt()) : exitCode;
  }
}
