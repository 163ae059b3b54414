package dev.floe.platform.runtime;

import java.io.IOException;
import java.io.Serial;

/** The reader of a log went away, or takes nothing any more. */
public final class ReaderGoneException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public ReaderGoneException(String message) {
    super(message);
  }
}
