package dev.floe.launcher.runtime;

import dev.floe.contract.EventReason;
import java.time.Duration;
import java.util.Optional;

/**
 * Where attempts run. Every call blocks and is made from a virtual thread; every call is safe to
 * repeat; none decides anything. The order of a launch is {@link #create} (suspended) →
 * compare-and-set of the uid in the database → {@link #release}; whoever fails the compare-and-set
 * calls {@link #delete} with the uid of its own object.
 *
 * <p>Calls throw {@link RuntimeUnavailableException} where the runtime cannot be reached (the call
 * may have had its effect; repeat it), and {@link LaunchRefusedException} where the runtime refuses
 * what was asked for. {@link AccessLostException} says that it answers but denies access.
 */
public interface JobRuntime {

  /** What is observed of an attempt, pushed; a hint to look, never a decision. */
  interface Listener {
    void changed(AttemptRef attempt);
  }

  /** {@code kubernetes} or {@code local}. */
  String name();

  /** Sets who hears of changes; called once, before anything else. */
  void listen(Listener listener);

  /** Begins to observe a namespace, if it is not yet. */
  void watch(String namespace);

  /**
   * Creates the attempt's object without letting anything run. An object of that name that carries
   * the same run, attempt and epoch is the answer, and so is one of an older epoch that was let
   * run; one of an older epoch that was not is removed first.
   *
   * @return the object's uid
   */
  String create(AttemptSpec spec);

  /**
   * Lets a created attempt run, if its object still has this uid. A second call changes nothing.
   */
  void release(AttemptRef attempt, String uid);

  /** How the attempt stands, read from the runtime itself, not from a cache. */
  Observation observe(AttemptRef attempt);

  /**
   * Asks the attempt to end: its processes get a termination signal, after the grace period they
   * are killed. Log and ending stay readable until {@link #delete}.
   */
  void stop(AttemptRef attempt, Duration grace);

  /** Removes the attempt's object with all it holds, if it still has this uid. */
  void delete(AttemptRef attempt, String uid);

  /**
   * The attempt's log from a place on. With {@code follow} the stream ends when the attempt does,
   * or earlier; without, at the end of what was written so far. Empty while there is no log to
   * read.
   */
  Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow);

  /**
   * The last lines of what was written so far, or all from the place on where that is less. For who
   * has no time to read everything.
   *
   * @param lines about how many
   */
  default Optional<AttemptLog> logEnd(AttemptRef attempt, LogPosition from, int lines) {
    return log(attempt, from, false);
  }

  /**
   * Tells whoever watches the runtime's objects what happened to one; never blocks, never throws,
   * and may be lost.
   */
  default void announce(AttemptRef attempt, String uid, EventReason reason, String note) {}
}
