package dev.floe.platform.release;

import java.io.Serial;

/** Another replica has taken the rollout over: stop, and write nothing. */
public final class LeaseLostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LeaseLostException(String platform) {
    super("another replica rolls out " + platform, null, false, false);
  }
}
