package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt or a run ended.
 *
 * @param category always the reason's own
 * @param message what happened, in words a person acts on; at most {@value #MESSAGE_MAX} characters
 * @param exitCode the process's exit code, 128 + n for a signal n; absent where no process ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
    VerdictCategory category, VerdictReason reason, String message, @Nullable Integer exitCode) {

  public static final int MESSAGE_MAX = 2000;

  public Verdict {
    if (message.length() > MESSAGE_MAX) {
      message = message.substring(0, MESSAGE_MAX - 1) + "…";
    }
  }

  public static Verdict of(VerdictReason reason, String message) {
    return new Verdict(reason.category(), reason, message, null);
  }

  public static Verdict of(VerdictReason reason, String message, @Nullable Integer exitCode) {
    return new Verdict(reason.category(), reason, message, exitCode);
  }
}
