package dev.floe.platform.runtime;

/**
 * Asked right before each object of a platform is written, so that a replica that was frozen and
 * wakes late does not undo what a newer release has done meanwhile.
 *
 * <p>The check and the write are two steps. A replica that freezes exactly between them still sends
 * the one write that it had been allowed. A deletion then only succeeds if the object has not
 * changed since it was read before the check; an apply overwrites the newer release's version of
 * that one object. The next write is refused.
 */
@FunctionalInterface
public interface WritePermit {
  /** For writes that belong to no rollout. */
  WritePermit ALWAYS = () -> {};

  /**
   * Returns when the next object may be written. Blocks for one short call to the database.
   *
   * @throws RuntimeException when it may not; runtimes pass it on and write nothing more
   */
  void check();
}
