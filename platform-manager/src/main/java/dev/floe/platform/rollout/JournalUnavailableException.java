package dev.floe.platform.rollout;

import java.io.Serial;

/** The journal cannot be written now; whoever takes the lease next goes on. */
final class JournalUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  JournalUnavailableException(Throwable cause) {
    super("the journal cannot be reached: " + cause.getMessage(), cause);
  }
}
