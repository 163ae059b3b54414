package dev.floe.launcher.database;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Runs something again and again; says once that it fails, and once that it goes on. */
public final class Rounds {
  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private final String what;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * @param what the subject of what is said, for example {@code Renewing leases}
   */
  public Rounds(String what) {
    this.what = what;
  }

  /** Runs it; a failure is logged and not thrown: the next round comes anyway. */
  public void run(Runnable round) {
    try {
      round.run();
      if (failing.getAndSet(false)) {
        LOG.infof("%s goes on", what);
      }
    } catch (RuntimeException e) {
      if (failing.getAndSet(true)) {
        LOG.debugf(e, "%s still fails", what);
      } else {
        LOG.warnf(e, "%s fails; trying again", what);
      }
    }
  }
}
