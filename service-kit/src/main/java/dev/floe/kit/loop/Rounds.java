package dev.floe.kit.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Runs something again and again; logs once that it fails, once more for every other failure, and
 * once that it continues. Nothing that a round throws ends the loop, an {@code Error} included.
 */
public final class Rounds {
  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  /** Failures that are remembered as named, so that each is named once. */
  private static final int NAMED = 20;

  private final String what;
  private final Runnable progress;

  /** Failures that were named since the last success; numbers in them are left out. */
  private final Set<String> named = ConcurrentHashMap.newKeySet();

  /**
   * @param what the subject of what is logged, for example {@code Renewing leases}
   */
  public Rounds(String what) {
    this(what, () -> {});
  }

  /**
   * @param what the subject of what is logged, for example {@code Renewing leases}
   * @param progress is told when a round, or a part of a long one, has ended, failed or not
   */
  public Rounds(String what, Runnable progress) {
    this.what = what;
    this.progress = progress;
  }

  /** Runs it; a failure is logged and not thrown: the next round comes anyway. */
  public void run(Runnable round) {
    try {
      round.run();
      if (!named.isEmpty()) {
        named.clear();
        LOG.infof("%s continues", what);
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
    progress.run();
  }
}
