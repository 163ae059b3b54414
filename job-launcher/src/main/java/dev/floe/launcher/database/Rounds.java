package dev.floe.launcher.database;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Runs something again and again; logs once that it fails, once more for every other failure, and
 * once that it goes on. Nothing that a round throws ends the loop, an {@code Error} included.
 */
public final class Rounds {
  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  /** Failures that are remembered as named, so that each is named once. */
  private static final int NAMED = 20;

  private final String what;
  private final LoopHealth.Loop health;

  /** Failures that were named since the last success; numbers in them are left out. */
  private final Set<String> named = ConcurrentHashMap.newKeySet();

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
      if (!named.isEmpty()) {
        named.clear();
        LOG.infof("%s goes on", what);
      }
    } catch (RuntimeException | Error e) {
      if (isNew(e)) {
        LOG.warnf(e, "%s fails; trying again", what);
      } else {
        LOG.debugf(e, "%s still fails", what);
      }
    } finally {
      progress();
    }
  }

  private boolean isNew(Throwable failure) {
    if (named.size() >= NAMED) {
      named.clear();
    }
    return named.add(NUMBERS.matcher(failure.toString()).replaceAll("#"));
  }

  /** Part of a long round is done: the loop does not stand still. */
  public void progress() {
    health.progress();
  }
}
