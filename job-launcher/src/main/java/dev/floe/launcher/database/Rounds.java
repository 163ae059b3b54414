package dev.floe.launcher.database;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Runs something again and again; logs once that it fails, and once that it goes on. Nothing that a
 * round throws ends the loop, an {@code Error} included.
 */
public final class Rounds {
  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private final String what;
  private final LoopHealth.Loop health;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * @param what the subject of what is logged, for example {@code Renewing leases}
   */
  public Rounds(String what) {
    this(what, () -> {});
  }

  private Rounds(String what, LoopHealth.Loop health) {
    this.what = what;
    this.health = health;
  }

  /**
   * Rounds that the liveness check watches: it reports them when none has ended for too long.
   *
   * @param what the subject of what is logged, for example {@code Renewing leases}
   */
  public static Rounds watched(String what, LoopHealth health) {
    return new Rounds(what, health.watch(what));
  }

  /** Runs it; a failure is logged and not thrown: the next round comes anyway. */
  public void run(Runnable round) {
    try {
      round.run();
      if (failing.getAndSet(false)) {
        LOG.infof("%s goes on", what);
      }
    } catch (RuntimeException | Error e) {
      if (failing.getAndSet(true)) {
        LOG.debugf(e, "%s still fails", what);
      } else {
        LOG.warnf(e, "%s fails; trying again", what);
      }
    } finally {
      progress();
    }
  }

  /** Part of a long round is done: the loop does not stand still. */
  public void progress() {
    health.progress();
  }
}
