package dev.floe.launcher.attempt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How attempts are launched and followed. */
@ConfigMapping(prefix = "floe.launcher.attempt")
public interface AttemptConfig {
  /**
   * How long an attempt stays in a replica's hands without renewal, by the database's clock;
   * afterwards another replica takes it over. Renewed three times within it; longer than a
   * statement may take.
   */
  @WithDefault("PT30S")
  Duration lease();

  /** How often every lease is renewed, in one statement; a third of the lease. */
  @WithDefault("PT10S")
  Duration renewEvery();

  /** How often attempts are looked for whose replica is gone. */
  @WithDefault("PT2S")
  Duration takeOverEvery();

  /** Attempts taken over at once. */
  @WithDefault("100")
  int takeOverBatch();

  /**
   * Longest time from claiming an attempt until it is released, and from there until something of
   * it runs. Time in which no launcher or no database is there does not count.
   */
  @WithDefault("PT10M")
  Duration launchTimeout();

  /**
   * How long the runtime may deny access to the namespace of an attempt before the run is ended
   * with the verdict RightsLost or NamespaceGone. Longer than platform-manager takes to make a
   * namespace and its RoleBinding again (about 10 s).
   */
  @WithDefault("PT2M")
  Duration rightsTimeout();

  /** How often an attempt that waits to start is looked at without being told to. */
  @WithDefault("PT10S")
  Duration lookWhileWaiting();

  /** How often an attempt that runs is looked at without being told to. */
  @WithDefault("PT60S")
  Duration lookWhileRunning();

  /** Time between the termination signal and the kill when an attempt is ended. */
  @WithDefault("PT30S")
  Duration grace();

  /** Longest wait for the rest of an ended attempt's log before its end is recorded. */
  @WithDefault("PT30S")
  Duration drain();

  /** Longest pause between tries while the runtime or the database cannot be reached. */
  @WithDefault("PT30S")
  Duration longestBackoff();
}
