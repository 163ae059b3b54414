package dev.floe.local.process;

import java.time.Instant;
import java.util.Optional;

/** Where a supervised process stands. */
public sealed interface ProcessStatus {

  /** Prepared, never started. */
  record NotStarted() implements ProcessStatus {}

  /**
   * Its supervisor lives.
   *
   * @param pid the command's process, 0 while it is about to be started (again)
   * @param since when the supervisor began
   * @param restarts how often the command was started again
   * @param memoryLimit by what its memory is limited: cgroup-v2, cgroup-v1, rlimit or none
   * @param lastEnding how it last ended, where it was started again
   */
  record Running(
      long pid, Instant since, int restarts, String memoryLimit, Optional<Ending> lastEnding)
      implements ProcessStatus {}

  /**
   * It is over.
   *
   * @param ending how
   */
  record Ended(Ending ending) implements ProcessStatus {}

  /**
   * It was started, nothing is left of its supervisor, and nobody wrote down how it ended.
   *
   * @param reason what is known
   */
  record Lost(String reason) implements ProcessStatus {}
}
