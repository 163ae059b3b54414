package dev.floe.platform.rollout;

import dev.floe.kit.database.DatabaseFailures;
import java.io.Serial;

/**
 * The journal cannot be written now; whoever takes the lease next continues. Has no stack trace,
 * and has its cause only where that is not an outage of the database that passes.
 */
final class JournalUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  JournalUnavailableException(Throwable cause) {
    super(
        "the journal cannot be reached: " + cause.getMessage(),
        DatabaseFailures.passes(cause) ? null : cause,
        false,
        false);
  }
}
