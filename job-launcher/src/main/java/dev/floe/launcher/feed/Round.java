package dev.floe.launcher.feed;

import java.time.Duration;

/** What one round of {@link Wakes.Waiter#repeat} comes to. */
public sealed interface Round<T> {
  /** Ends the loop with this value. */
  record Answer<T>(T value) implements Round<T> {}

  /** Another round follows after the next notice, or after the longest time. */
  record Wait<T>(Duration longest) implements Round<T> {}

  /** Why a round begins. */
  enum Cause {
    /** The first round of a loop. */
    FIRST,
    /** Something happened to what the caller waits for. */
    NOTICE,
    /** Nothing happened for as long as the round before asked to wait. */
    TIMEOUT
  }
}
