package dev.floe.launcher.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an attempt stands in its runtime. */
public sealed interface Observation {

  /** There is no such object: never created, or removed. */
  record Absent() implements Observation {}

  /**
   * The object exists and nothing runs yet.
   *
   * @param uid of the object
   * @param suspended whether it was not released yet
   * @param obstacle what keeps it from starting, as far as known
   */
  record Waiting(String uid, boolean suspended, @Nullable Obstacle obstacle)
      implements Observation {}

  /** A process of the attempt runs. */
  record Running(String uid, @Nullable String pod, @Nullable String node, Instant startedAt)
      implements Observation {}

  /** The attempt has ended; nothing of it runs any more. */
  record Ended(String uid, @Nullable String pod, @Nullable String node, Ending ending)
      implements Observation {}
}
